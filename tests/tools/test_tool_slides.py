import base64
import html
import re
from io import BytesIO

import nbformat
import pytest
from sample_course import code, lesson_cells, markdown

from tools.notebooks import Project, kind, read, write_text
from tools.polls import Poll
from tools.slides import __main__ as slides_tool
from tools.slides import build as slides_build
from tools.slides.deck import slides
from tools.slides.markdown import Markdown
from tools.slides.outputs import Pictures
from tools.slides.render import deck_page, stacked

HOSTILE = "</script></pre><img src=x onerror=alert(1)> & \"quotes\" '$x$' 🤗 <!--"
LESSONS = [path for path in Project().all() if kind(path) == "lesson"]


@pytest.fixture(autouse=True)
def without_assets(monkeypatch):
    monkeypatch.setattr(slides_build, "write_assets", lambda folder: folder.mkdir(exist_ok=True))


def deck(*cells, polls=()):
    notebook = nbformat.v4.new_notebook(cells=list(cells))
    return slides(notebook, list(polls), Markdown(), Pictures("figures/00"))


def page_of(*cells):
    return deck_page(deck(*cells), "A title", Markdown())


def showing(data, **metadata):
    cell = code("show()")
    cell.outputs = [nbformat.v4.new_output("display_data", data=data, metadata=metadata)]
    return cell


def png(width, height):
    from PIL import Image

    file = BytesIO()
    Image.new("L", (width, height)).save(file, "png")
    return base64.b64encode(file.getvalue()).decode()


def headings(stacks):
    return [[slide.section.heading for slide in stack] for stack in stacks]


def test_headings_start_slides_to_the_right_and_below():
    shown = stacked(
        deck(
            markdown("# 00 · Title"),
            markdown("## First\n\nWords."),
            markdown("### Below", slide="subslide"),
            markdown("More words."),
            markdown("Again, on its own.", slide="subslide"),
            markdown("## Second\n\nWords."),
        )
    )
    assert headings(shown) == [["00 · Title"], ["First", "Below", "Below"], ["Second"]]


def test_skipped_cells_are_left_out_and_notes_go_to_the_notes():
    page = page_of(
        markdown("## First"), markdown("Left out.", slide="skip"), markdown("For the *speaker*.", slide="notes")
    )
    assert "Left out" not in page
    assert '<aside class="notes">\n<p>For the <em>speaker</em>.</p>' in page


def test_a_heading_over_nothing_is_left_out_and_its_notes_stay():
    box = "> **Here / on the Hub.** Other scores."
    made = deck(
        markdown("# 00 · Title"),
        markdown(f"## Set-up\n\n{box}"),
        code("set_up()", slideshow={"slide_type": "skip"}),
        markdown("## Over another"),
        markdown("### Below\n\nWords.", slide="subslide"),
        markdown("## Last"),
    )
    assert headings(stacked(made)) == [["00 · Title"], ["Over another", "Below"]]
    assert "Other scores" in made[0].notes[0]


def test_fragments_appear_step_by_step():
    first, second = deck(markdown("## First\n\nAt once."), markdown("Later.", slide="fragment"))[0].blocks
    assert (first.fragment, second.fragment) == (False, True)


def test_badge_and_colab_box_of_the_first_cell_are_left_out():
    page = page_of(
        markdown(
            "# 00 · Title\n\n[![Open in Colab](https://colab.example/badge.svg)](https://colab.example/x)\n\n"
            "<details><summary>On Colab</summary>\n\nSave a copy.\n\n</details>\n\nWhat it is about."
        )
    )
    assert "olab" not in page
    assert "What it is about." in page


def test_a_slide_that_goes_on_repeats_its_heading():
    cells = [markdown("## Much\n\nWords.")] + [code("x = 1\n" * 12) for _ in range(3)]
    page = page_of(*cells)
    assert page.count("<h2>Much") == 3
    assert '<span class="part">2 of 3</span>' in page


@pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.stem)
def test_every_code_cell_of_a_lesson_is_on_exactly_one_slide(path):
    notebook = read(path)
    made = slides(notebook, [], Markdown(), Pictures("figures"))
    found = [block.cell for slide in made for block in slide.shown if block.kind == "code"]
    wanted = [
        number
        for number, cell in enumerate(notebook.cells, start=1)
        if cell.cell_type == "code" and cell.metadata.slideshow.slide_type != "skip"
    ]
    assert found == wanted


@pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.stem)
def test_the_whole_prose_of_a_lesson_is_in_its_notes_or_on_its_slides(path):
    notebook = read(path)
    made = slides(notebook, [], Markdown(), Pictures("figures"))
    pages = [page for slide in made for page in (*slide.notes, *(block.html for block in slide.shown))]
    said = letters(re.sub(r"<[^>]+>", "", " ".join(pages)))
    for cell in notebook.cells[1:]:
        if cell.cell_type == "markdown":
            unwanted = r"^#.*|</?(?:details|summary|b|code)\b[^>]*>|\]\([^)]*\)|```\w*"
            text = re.sub(unwanted, " ", cell.source, flags=re.MULTILINE)
            for piece in re.split(r"[.?!:|]\s|\n\s*\n|\n(?:-|\d+\.) ", text):
                assert letters(piece) in said, piece


def letters(text):
    """Return the letters of a text alone."""
    return re.sub(r"[\W\d_]+", "", html.unescape(text))


def test_what_a_cell_prints_is_text():
    error = code("fail()")
    error.outputs = [nbformat.v4.new_output("error", ename="Oops", evalue=HOSTILE, traceback=[])]
    page = page_of(markdown("## First"), code("print()", printed=HOSTILE), error, showing({"text/plain": HOSTILE}))
    assert "<img" not in page
    assert page.count("&lt;img src=x onerror=alert(1)&gt;") == 3
    assert "Oops: " in page


def test_html_that_a_cell_puts_out_stays_in_its_frame():
    fragment = "<script>parent.document.body.remove()</script>" + HOSTILE
    page = page_of(markdown("## First"), showing({"text/html": fragment, "text/plain": "a table"}))
    assert "<img" not in page
    assert "<script>parent" not in page
    frame = re.search(r"<iframe[^>]*>", page)[0]
    assert 'sandbox="allow-scripts allow-downloads"' in frame
    assert "default-src &#x27;none&#x27;" in frame


def test_a_figure_keeps_its_alternative_text_and_fits():
    cell = showing({"image/png": png(1400, 700)}, **{"image/png": {"alt": 'A "bar" & more'}})
    (made,) = deck(markdown("## First"), cell)
    figure = made.blocks[-1]
    assert 'alt="A &quot;bar&quot; &amp; more"' in figure.html
    assert figure.least <= figure.height < figure.full_height


@pytest.mark.parametrize(("after", "place"), [("First", 3), ("Below", 2), ("Second", 5)])
def test_a_poll_follows_the_last_slide_of_its_section(after, place):
    poll = Poll(after, "How *many*?", ("one", "`two`", "<b>three</b>"), "B", "One is **too few**.")
    made = deck(
        markdown("## First\n\nWords."),
        markdown("### Below\n\nWords.", slide="subslide"),
        markdown("### Below that\n\nWords.", slide="subslide"),
        markdown("## Second\n\nWords."),
        code("x = 1\n" * 40),
        polls=[poll],
    )
    assert [slide.look for slide in made].index("poll") == place
    slide = made[place]
    assert not slide.starts_stack
    assert "answer" not in slide.blocks[0].html
    assert "&lt;b&gt;three&lt;/b&gt;" in slide.blocks[0].html
    assert slide.notes[0].startswith("<p><strong>Poll: the answer is B.</strong></p>")
    assert "<strong>too few</strong>" in slide.notes[0]


def test_two_polls_after_one_section_keep_their_order():
    polls = [Poll("First", question, ("a", "b", "c"), "A", "Why.") for question in ("one?", "two?")]
    made = deck(markdown("## First\n\nWords."), markdown("## Second"), polls=polls)
    assert ["one?" in made[1].blocks[0].html, "two?" in made[2].blocks[0].html] == [True, True]


def test_the_tool_writes_decks_and_their_list(course, capsys):
    lesson = course.put(course.lesson, lesson_cells())
    assert slides_tool.main(["--stored"], course.project) == 0
    target = course.project.root / "build" / "slides"
    assert "Taking stored outputs" in capsys.readouterr().out
    assert 'href="00_quickstart.html">00 · Quick start</a>' in (target / "index.html").read_text()
    assert ">total</span>" in (target / "00_quickstart.html").read_text()
    write_text(target / "99_gone.html", "an old deck")
    assert slides_tool.main([str(lesson), "--stored"], course.project) == 0
    assert not (target / "99_gone.html").exists()


def test_figures_that_a_deck_no_longer_shows_are_deleted(course):
    folder = course.project.root / "build" / "slides" / "figures" / "00_quickstart"
    for size in (100, 200):
        cells = [*lesson_cells(), showing({"image/png": png(size, 50)}, **{"image/png": {"alt": "A picture."}})]
        course.put(course.lesson, cells)
        assert slides_tool.main(["--stored"], course.project) == 0
        assert len(list(folder.glob("*.png"))) == 1


def test_exercises_have_no_slides(course, capsys):
    course.put(course.solutions, lesson_cells())
    assert slides_tool.main([str(course.solutions), "--stored"], course.project) == 1
    assert "only the notebooks right below notebooks/ have slides" in capsys.readouterr().err


def test_a_lesson_is_executed_with_figures_for_projection(course):
    cells = [markdown("# 00 · Title"), code("import os\nprint(os.environ['HF_TUTORIAL_FIGURES'])")]
    course.put(course.lesson, cells, finished=False)
    assert slides_tool.main([], course.project) == 0
    assert ">projection</span>" in (course.project.root / "build" / "slides" / "00_quickstart.html").read_text()
