"""Decks in a real browser: what fits, what the keys do, and that nothing is asked of the network."""

import os
import sys
from pathlib import Path

import nbformat
import pytest

from hf_tutorial.errors import SourceError
from hf_tutorial.sources.wheels import fetch
from tools.notebooks import Project, kind, read
from tools.slides import check
from tools.slides.assets import REVEAL_WHEEL
from tools.slides.build import build

sys.path.insert(0, str(Path(__file__).parents[1] / "tools"))

from sample_course import Course, markdown
from sample_course import code as fragment

pytestmark = pytest.mark.browser

LESSONS = [path for path in Project().all() if kind(path) == "lesson"]
HOSTILE = "</script></pre><img src=x onerror=alert(1)> & \"quotes\" '$x$' <!--"
POLLS = """
[[poll]]
after = "Second"
question = "What does `1 + 1` give, and what would it give if both were texts, as in a form that somebody filled in?"
options = ["two", "`11`", "it depends", "an error"]
answer = "A"
why = "Texts are joined."
"""
CONTROL = '<input id="slider" type="range" aria-label="How much"><p id="key">none</p>' + "".join(
    f"<p>line {n}</p>" for n in range(60)
)
SCRIPT = "<script>onkeydown = (event) => { document.getElementById('key').textContent = event.key; };</script>"


@pytest.fixture(scope="session")
def wheels():
    """The folder of the wheel that carries reveal.js: from your cache, where setting up has put it."""
    try:
        return str(fetch(REVEAL_WHEEL).parent)
    except SourceError as error:
        if os.environ.get("HF_TUTORIAL_REQUIRE_BROWSER"):
            pytest.fail(str(error))
        pytest.skip("reveal.js is not in the cache: python -m tools.slides.assets fetches it")


@pytest.fixture(autouse=True)
def _assets(wheels, monkeypatch):
    monkeypatch.setenv("HF_TUTORIAL_WHEELS", wheels)


def code(source, **options):
    cell = fragment(source, **options)
    cell.metadata.slideshow.slide_type = "-"
    return cell


def cells():
    shown = code("show()")
    data = {"text/html": CONTROL + SCRIPT, "text/plain": "a control"}
    shown.outputs = [nbformat.v4.new_output("display_data", data=data)]
    long = "x = 1  # and a comment that says at some length what it is for and why, and then goes on saying so\n"
    return [
        markdown("# 00 · Quick start: one title that is rather long, as titles of lessons are\n\nWords."),
        markdown("## First\n\nA sentence in **bold** letters. " + "A sentence that says something about `code`. " * 40),
        code("x = 1", printed=HOSTILE),
        markdown("*Before you run: what will it be?*"),
        code("print(x)", printed="1\n"),
        markdown("## Second: a heading that is long enough to be broken into a second line of it\n\n- one\n- two"),
        code(long * 30, printed="line\n" * 60),
        markdown("### Table", slide="subslide"),
        markdown(
            "*Before you read the last column: what does it say?*\n\n| line | meaning |\n|---|---|\n| `step()` | moves |"
        ),
        markdown("### Controls", slide="subslide"),
        shown,
        markdown("## Second\n\n| a | b |\n|---|---|\n| `x` | " + "words and words " * 20 + "|"),
    ]


@pytest.fixture
def deck(tmp_path):
    course = Course.begin(tmp_path)
    path = course.put(course.lesson, cells(), finished=False)
    (course.project.notebooks / "polls").mkdir()
    (course.project.notebooks / "polls" / "00_quickstart.toml").write_text(POLLS)
    build(course.project, {path: read(path)}, tmp_path / "slides")
    return tmp_path / "slides" / "00_quickstart.html"


@pytest.fixture
def page(browser, deck):
    context = browser.new_context(viewport={"width": 1280, "height": 720}, offline=True)
    page = context.new_page()
    page.goto(deck.as_uri())
    page.wait_for_function("window.Reveal && Reveal.isReady()")
    yield page
    context.close()


def go_to(page, selector):
    """Show the first slide that has `selector` in it."""
    page.evaluate(
        """(selector) => {
            const { h, v } = Reveal.getIndices(Reveal.getSlides().find((slide) => slide.querySelector(selector)));
            Reveal.slide(h, v);
        }""",
        selector,
    )


def here(page):
    return page.evaluate("[Reveal.getIndices().h, Reveal.getIndices().v]")


def test_a_made_up_deck_has_no_fault(browser, deck):
    assert check.findings(browser, deck) == []


def test_the_list_of_decks_has_no_fault(browser, deck):
    context = browser.new_context(offline=True)
    page = context.new_page()
    page.goto((deck.parent / "index.html").as_uri())
    assert list(check.accessibility(page)) == []
    page.click("text=00 · Quick start")
    page.wait_for_function("window.Reveal && Reveal.isReady()")
    context.close()


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("<ul>", '<ul style="margin-top: 600px">', "slide 3 (#/2/0): div.block.list"),
        ("<ul>", '<ul style="width: 3000px">', "Shorten the cell"),
        ("<ul>", '<ul style="height: 10px; overflow: hidden">', "in a box of"),
        ('<p class="corner">', '<p class="corner" style="color: #ddd">', "color-contrast"),
        ("</main>", '<img src="https://example.org/x.png" alt="x"></main>', "asks for https://example.org/x.png"),
        ("assets/deck.css", "assets/gone.css", "cannot load"),
        ("</main>", "</main><script>console.error('oh')</script>", "the console reports: oh"),
        ("</main>", "</main><script>nothing.here()</script>", "its script fails"),
    ],
)
def test_each_fault_is_found(browser, deck, old, new, said):
    text = deck.read_text()
    assert old in text
    deck.write_text(text.replace(old, new))
    found = check.findings(browser, deck)
    assert any(said in line for line in found), found


def test_nothing_of_an_output_became_markup(page):
    assert page.evaluate("document.querySelectorAll('img[src=x]').length") == 0
    go_to(page, ".printed")
    assert HOSTILE in page.inner_text(".present .present .printed")


def test_an_answer_appears_after_its_question(page):
    go_to(page, ".question")
    output = page.locator(".present .present .block.output.fragment").first
    assert output.evaluate("element => getComputedStyle(element).visibility") == "hidden"
    page.keyboard.press("Space")
    output.locator("visible=true").wait_for()


def test_the_last_column_of_a_table_appears_after_its_question(page):
    go_to(page, ".question + .table")
    cells = page.locator(".present .present td")

    def shown():
        return cells.evaluate_all("cells => cells.map((cell) => getComputedStyle(cell).visibility)")

    assert shown() == ["visible", "hidden"]
    page.keyboard.press("Space")
    assert shown() == ["visible", "visible"]


def test_keys_move_inside_what_scrolls_and_turn_the_slide_elsewhere(page):
    go_to(page, ".scrolls")
    region = page.locator(".present .present .scrolls").first
    place = here(page)
    region.focus()
    page.keyboard.press("ArrowDown")
    page.wait_for_function("document.activeElement.scrollTop > 0")
    page.keyboard.press("ArrowRight")
    assert here(page) == place
    page.keyboard.press("PageDown")
    assert here(page) != place


def test_keys_stay_in_a_frame_but_for_those_of_a_remote(page):
    go_to(page, "iframe")
    frame = page.frame_locator(".present .present iframe")
    frame.locator("#slider").click()
    place = here(page)
    page.keyboard.press("ArrowRight")
    assert frame.locator("#key").inner_text() == "ArrowRight"
    assert here(page) == place
    page.keyboard.press("PageDown")
    page.wait_for_function("([h, v]) => Reveal.getIndices().h !== h || Reveal.getIndices().v !== v", arg=place)


def test_a_poll_does_not_give_its_answer_away(page):
    go_to(page, ".letter")
    assert page.inner_text(".present .present .letter >> nth=1") == "B"
    assert "joined" not in page.inner_text(".present .present")
    assert "joined" in page.text_content(".present .present aside")


def test_the_speaker_sees_the_notes(page):
    go_to(page, ".letter")
    with page.context.expect_page() as opened:
        page.keyboard.press("s")
    speaker = opened.value
    speaker.wait_for_function(
        "document.querySelector('.speaker-controls-notes .value')?.textContent.includes('joined')"
    )
    assert len(speaker.frames) >= 3


def test_a_slide_is_a_printed_page(browser, deck, tmp_path):
    context = browser.new_context(offline=True)
    page = context.new_page()
    page.goto(f"{deck.as_uri()}?print-pdf")
    page.wait_for_selector(".pdf-page")
    total = page.evaluate("Reveal.getTotalSlides()")
    printed = page.pdf(prefer_css_page_size=True)
    context.close()
    assert printed.count(b"/Type /Page\n") + printed.count(b"/Type /Page ") == total


@pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.stem)
def test_the_slides_of_a_lesson_fit(browser, tmp_path, path):
    build(Project(), {path: read(path)}, tmp_path)
    assert check.findings(browser, tmp_path / f"{path.stem}.html") == []
