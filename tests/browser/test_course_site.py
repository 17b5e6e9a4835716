"""The browsable course in a real browser, opened from its folder with every other host out of reach."""

import pytest

from tools.notebooks import Project, read
from tools.site.browsing import PHONE, WIDE, ZOOMED, Tab
from tools.site.building import build
from tools.site.check import findings, search_finding

pytestmark = pytest.mark.browser

# Every kind of page; the lessons are those with a figure, with inspections and with an explorer.
NOTEBOOKS = (
    "00_quickstart",
    "01_tokenizers",
    "04_attention",
    "exercises/04_attention_exercises",
    "solutions/04_attention_solutions",
)
OWN = ("index", "glossary", "api/attention", "api/command_line", "instructors/index", "exercises/index", "genindex")


@pytest.fixture(scope="session")
def site(tmp_path_factory):
    """A small course, from the stored outputs."""
    project = Project()
    paths = [project.notebooks / f"{name}.ipynb" for name in NOTEBOOKS]
    target = tmp_path_factory.mktemp("site") / "course"
    build(project, {path: read(path) for path in paths}, target)
    return target


@pytest.fixture(scope="module")
def tab(browser):
    tab = Tab(browser)
    yield tab
    tab.page.close()


@pytest.fixture
def opened(tab, site):
    """Return a function that opens a page of the site; afterwards nothing may have gone wrong in it."""

    def open_page(name, **how):
        return tab.open((site / f"{name}.html").as_uri(), **how)

    tab.take_events()
    yield open_page
    assert tab.take_events() == []


@pytest.mark.parametrize("name", NOTEBOOKS + OWN)
def test_every_kind_of_page_holds_what_the_site_promises(tab, site, name):
    assert list(findings(tab, (site / f"{name}.html").as_uri())) == []


def test_the_check_sees_what_is_wrong(tab, tmp_path):
    page = tmp_path / "wrong.html"
    body = (
        '<main><h1>A</h1><h3>B</h3><img src="https://a.example/x.png"><p style="color: #ccc; background: #fff">pale</p>'
        '<div style="width: 2000px">wide</div></main><script>console.error("oh"); missing()</script>'
    )
    page.write_text(f'<html lang="en"><title>t</title><body>{body}</body></html>', encoding="utf-8")
    found = "\n".join(findings(tab, page.as_uri()))
    for part in (
        "jumps from level 1 to 3 at “B”",
        "an image without alternative text",
        "light: axe color-contrast (serious)",
        "scrolls sideways on a phone: 20",
        "scrolls sideways on 200 % zoom",
        "request to another host: https://a.example/x.png",
        "console error: oh",
        "missing is not defined",
    ):
        assert part in found


def test_the_search_works_from_a_folder(tab, site):
    assert search_finding(tab, site, "softmax") == []
    assert tab.page.locator("#search-results a[href*='00_quickstart']").count() >= 1
    assert "finds nothing" in search_finding(tab, site, "zyxwvut")[0]


def test_the_search_is_reached_by_keyboard(opened, tab):
    page = opened("index")
    page.keyboard.press("Control+k")
    page.keyboard.type("attention")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search.html?q=attention**")
    page.wait_for_selector("#search-results li a")


def test_the_explorer_works_and_follows_light_and_dark(opened, tab):
    page = opened("04_attention")
    page.wait_for_selector(".hft-app[data-rows]")
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        page.wait_for_selector(f".hft-app[data-theme={scheme}]")
        assert page.evaluate("document.documentElement.dataset.theme") == scheme
    page.locator(".hft-overview").focus()
    page.keyboard.press("ArrowDown")
    tab.settle()
    assert page.locator(".hft-app").get_attribute("data-layer") == "1"


def test_outputs_take_the_page_s_colours_in_the_dark(opened):
    page = opened("01_tokenizers", scheme="dark")
    ground = "(one) => getComputedStyle(one.closest('.text_html')).backgroundColor"
    assert page.locator(".hft-tokens").first.evaluate(ground) == "rgba(0, 0, 0, 0)"
    assert page.locator(".course-figure img").first.evaluate("one => getComputedStyle(one).filter") == "none"


def test_the_first_tab_stop_skips_to_the_text_and_what_scrolls_can_be_reached(opened, tab):
    page = opened("00_quickstart", size=PHONE)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to main content"
    unreachable = page.evaluate(
        "() => [...document.querySelectorAll('main pre')].filter((one) => one.scrollWidth > one.clientWidth + 1 && one.tabIndex < 0).length"
    )
    assert unreachable == 0
    assert page.locator("main pre[tabindex='0']").count() > 0
    tab.resize(WIDE)


def test_folded_parts_of_the_sidebar_have_names(opened):
    names = (
        opened("index").locator(".bd-sidebar-primary summary").evaluate_all("all => all.map((one) => one.ariaLabel)")
    )
    assert {"Pages below Exercises", "Pages below Solutions", "Pages below The helper package"} <= set(names)


def test_pages_are_readable_without_scripts(browser, site):
    page = browser.new_page(java_script_enabled=False, viewport=ZOOMED)
    page.goto((site / "04_attention.html").as_uri())
    assert page.locator("h1").is_visible()
    assert page.locator(".hft-still img").first.is_visible()
    page.close()
