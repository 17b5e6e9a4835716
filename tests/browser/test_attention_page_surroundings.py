"""The attention explorer as a guest: in notebooks, beside others, on phones, in the dark, and where no script runs."""

import numpy as np
import pytest
from test_attention_page import Events, pair, press, said, settle, soft, state
from test_tokens_page import LOWEST_CONTRAST

from hf_tutorial.attention import Attention
from hf_tutorial.attention.explorer import explore_attention
from hf_tutorial.attention.labels import plain_labels

pytestmark = pytest.mark.browser

ATTACK = "</script><img src=x onerror=alert(1)>"

# How JupyterLab shows a trusted output: the markup first, then each script once more, since innerHTML runs none.
AS_JUPYTERLAB = """
html => {
  const output = document.querySelector("#output");
  output.innerHTML = html;
  for (const inert of output.querySelectorAll("script")) {
    const script = document.createElement("script");
    script.textContent = inert.textContent;
    inert.replaceWith(script);
  }
}
"""
STRICT = "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data:"


@pytest.fixture(scope="module")
def saved(tmp_path_factory):
    return explore_attention(pair()).save(tmp_path_factory.mktemp("page") / "pair.html")


@pytest.fixture
def opened(browser):
    """Return a function that opens a saved page or markup; errors and requests fail the test."""
    pages = []

    def open_it(source, wait=True, **options):
        page = browser.new_page(**{"viewport": {"width": 1280, "height": 900}, **options})
        pages.append((page, Events(page)))
        page.set_content(source) if isinstance(source, str) else page.goto(source.as_uri())
        if wait:
            page.wait_for_selector(".hft-app[data-rows]")
        return page

    yield open_it
    for page, events in pages:
        page.close()
        assert [event for event in events if not event.startswith(("file:", "data:image/png"))] == []


def as_jupyterlab(page, explorer):
    page.evaluate(AS_JUPYTERLAB, explorer._repr_html_())
    page.wait_for_selector(".hft-app[data-rows]")


NOTEBOOK = f'<meta http-equiv="Content-Security-Policy" content="{STRICT}"><body style="{{}}"><div id="output"></div>'


def test_it_works_as_jupyterlab_shows_it(opened):
    page = opened(NOTEBOOK.format(""), wait=False)
    as_jupyterlab(page, explore_attention(pair()))
    page.evaluate("() => document.addEventListener('keydown', (event) => (window.leaked = event.key))")
    press(page, ".hft-overview", "ArrowDown")
    assert state(page, "layer") == "1"
    assert page.evaluate("window.leaked") is None, "the notebook would go to its next cell"
    assert not page.locator(".hft-still").is_visible()
    as_jupyterlab(page, explore_attention(pair()))
    assert page.locator(".hft-app").count() == 1, "running the cell again shows it once"
    assert page.evaluate("Object.keys(window).filter((name) => /hft|attention|startAll/i.test(name))") == []


def test_it_follows_a_notebook_s_own_dark_theme_and_its_change(opened):
    page = opened(NOTEBOOK.format("background: #111; color: #eee"), wait=False, color_scheme="light")
    as_jupyterlab(page, explore_attention(pair()))
    assert state(page, "theme") == "dark"
    assert page.evaluate(LOWEST_CONTRAST) >= 4.5
    page.evaluate("document.body.style = 'background: #fff; color: #222'")
    assert state(page, "theme") == "light"
    assert page.evaluate(LOWEST_CONTRAST) >= 4.5


def test_two_explorers_leave_each_other_alone(opened):
    # Two of the same content, as when a cell is copied, and a third of another.
    same, other = explore_attention(pair()), explore_attention(pair(plain_labels(["a", "b"])))
    older = '<div class="hft-explorer" data-explorer="0" data-attention="of another version"></div>'
    page = opened(older + "".join(explorer._repr_html_() for explorer in (same, same, other)))
    page.wait_for_function("document.querySelectorAll('.hft-app[data-rows]').length === 3")
    press(page, ".hft-overview", "ArrowDown")
    page.locator("[data-value=heat]").nth(1).click()
    assert [state(page, "layer", n) for n in range(3)] == ["1", "0", "0"]
    assert [state(page, "view", n) for n in range(3)] == ["lines", "heat", "lines"]
    assert [state(page, "rows", n) for n in range(3)] == ["7", "7", "2"]


def test_a_page_saved_by_the_browser_starts_afresh(opened, saved):
    page = opened(saved)
    press(page, ".hft-overview", "ArrowDown")
    settle(page)
    again = opened(page.content())
    assert again.locator(".hft-app").count() == 1
    press(again, ".hft-overview", "ArrowRight")
    assert (state(again, "layer"), state(again, "head")) == ("0", "1")


def test_a_token_is_text(opened, tmp_path):
    labels = plain_labels([ATTACK, "$x$", "مرحبا"])
    page = opened(explore_attention(pair(labels)).save(tmp_path / "attack.html"))
    press(page, ".hft-canvas", "ArrowDown", "ArrowRight")
    assert said(page).startswith(f"Layer 0, head 0: {ATTACK} → {ATTACK} ")
    assert page.locator("img:visible").count() == 0
    assert page.locator(".hft-explorer.tex2jax_ignore.mathjax_ignore bdi").count() == 2


def test_without_scripts_a_still_picture_is_left(opened, saved):
    page = opened(saved, wait=False, java_script_enabled=False)
    picture = page.locator(".hft-still img")
    assert picture.is_visible()
    assert picture.bounding_box()["width"] > 300
    assert "3 × 4 small squares, layers 0 to 2 down" in picture.get_attribute("alt")


def test_without_a_way_to_unpack_the_picture_is_left_and_the_reason_said(browser, saved):
    page = browser.new_page()
    page.add_init_script("delete window.DecompressionStream")
    page.goto(saved.as_uri())
    assert "too old to unpack" in page.locator(".hft-missing").inner_text()
    assert page.locator(".hft-still").is_visible()
    page.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_text_stands_out(opened, saved, scheme):
    page = opened(saved, color_scheme=scheme)
    assert state(page, "theme") == scheme
    page.click("summary")
    assert page.evaluate(LOWEST_CONTRAST) >= 4.5
    # Letters on the canvas have the colour of the page's own text.
    ink = {"light": [26, 26, 26], "dark": [236, 236, 236]}[scheme]
    assert page.locator(".hft-canvas").evaluate(
        """(canvas, ink) => {
          const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
          for (let at = 0; at < data.length; at += 4)
            if (data[at + 3] === 255 && ink.every((value, n) => data[at + n] === value)) return true;
          return false;
        }""",
        ink,
    )


def test_the_page_follows_the_reader_s_change_to_dark(opened, saved):
    page = opened(saved, color_scheme="light")
    page.emulate_media(color_scheme="dark")
    assert state(page, "theme") == "dark"


@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("view", ["lines", "heat"])
def test_the_page_does_not_scroll_sideways(opened, tmp_path, width, view):
    labels = plain_labels([f"{'x' * 40}{n}" for n in range(30)])
    many = Attention(soft(2, 20, 30, 30), labels, labels, "self", (0, 1), tuple(range(20)), "a-model/" + "long" * 12)
    page = opened(explore_attention(many).save(tmp_path / "wide.html"), viewport={"width": width, "height": 740})
    page.click(f"[data-value={view}]")
    page.click("summary")
    press(page, ".hft-canvas", "ArrowDown")
    settle(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_it_follows_the_window_and_comes_to_rest(opened, saved):
    page = opened(saved)
    widths = []
    for width in (1280, 700, 400, 1280):
        page.set_viewport_size({"width": width, "height": 620})
        settle(page)
        settle(page)
        heights = {page.evaluate("document.documentElement.scrollHeight") for _ in range(5) if settle(page) is None}
        assert len(heights) == 1
        widths.append(page.locator(".hft-canvas").bounding_box()["width"])
    assert widths[0] > widths[2] > 200
    assert widths[3] == widths[0]


def test_reading_a_weight_does_not_move_the_picture(opened, saved):
    page = opened(saved, viewport={"width": 360, "height": 740})
    top = "canvas => canvas.getBoundingClientRect().top + scrollY"
    before = page.locator(".hft-canvas").evaluate(top)
    press(page, ".hft-canvas", "ArrowDown")
    assert "gives most to" in said(page)
    assert page.locator(".hft-canvas").evaluate(top) == before
    press(page, ".hft-canvas", "ArrowRight")
    assert said(page).startswith("Layer 0, head 0: [CLS] → [CLS] 0.")
    assert page.locator(".hft-canvas").evaluate(top) == before


# Note in pixels how large each text is that is written on a canvas from now on.
RECORD_LETTERS = """
() => {
  window.letters = {};
  const write = CanvasRenderingContext2D.prototype.fillText;
  CanvasRenderingContext2D.prototype.fillText = function (text, ...place) {
    letters[text] = parseFloat(this.font.match(/([\\d.]+)px/)[1]);
    return write.call(this, text, ...place);
  };
}
"""


def test_letters_are_large_enough_for_a_lecture_room(opened, saved):
    page = opened(saved, viewport={"width": 1280, "height": 720})
    page.evaluate(RECORD_LETTERS)
    press(page, ".hft-overview", "ArrowDown")
    settle(page)
    letters = page.evaluate("letters")
    assert min(letters[word] for word in ("[CLS]", "cat", "sat")) >= 20
    assert min(letters.values()) >= 13
    size = "element => parseFloat(getComputedStyle(element).fontSize)"
    assert page.locator(".hft-said").evaluate(size) >= 20
    assert page.locator("select").first.evaluate(size) >= 20


def test_every_control_has_a_name_and_can_be_reached_by_keyboard(opened, saved):
    page = opened(saved)
    unnamed = page.locator("button, select, input, canvas, [role=region]").evaluate_all(
        "all => all.filter((one) => !(one.labels?.length || one.ariaLabel || one.textContent.trim())).length"
    )
    assert unnamed == 0
    reached = set()
    page.locator("body").focus()
    while page.keyboard.press("Tab") is None and page.evaluate("document.activeElement !== document.body"):
        reached.add(page.evaluate("document.activeElement.className || document.activeElement.tagName"))
        assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    assert {"hft-save", "BUTTON", "SELECT", "INPUT", "hft-overview", "hft-canvas", "SUMMARY"} <= reached
    assert page.locator(".hft-said").get_attribute("aria-live") == "polite"


def test_a_sharp_screen_gets_sharp_letters(opened, saved):
    page = opened(saved, device_scale_factor=2)
    assert page.locator(".hft-canvas").evaluate("canvas => canvas.width / canvas.clientWidth") == pytest.approx(
        2, abs=0.01
    )


def test_work_on_the_main_thread_for_144_heads_of_64_tokens(browser, tmp_path):
    labels = plain_labels([f"token{n}" for n in range(64)])
    attention = Attention(soft(12, 12, 64, 64), labels, labels, "self", tuple(range(12)), tuple(range(12)), "a model")
    path = explore_attention(attention).save(tmp_path / "large.html")
    assert np.median([seconds_to_show(browser, path) for _ in range(3)]) < 0.6


def seconds_to_show(browser, path):
    """Return the processor time that the page's main thread takes, which other work on the machine leaves alone."""
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    session = page.context.new_cdp_session(page)
    session.send("Performance.enable", {"timeDomain": "threadTicks"})
    page.goto(path.as_uri())
    page.wait_for_selector(".hft-app[data-rows]")
    settle(page)
    metrics = {metric["name"]: metric["value"] for metric in session.send("Performance.getMetrics")["metrics"]}
    page.close()
    return metrics["TaskDuration"]
