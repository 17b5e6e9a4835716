"""`python -m tools.course`: a small course becomes a site, whole or not at all, and its notebooks stay as they are."""

import shutil

import pytest
from bs4 import BeautifulSoup
from nbformat.v4 import new_output
from sample_course import code, lesson_cells, markdown, solution_cells

from tools import course as course_tool
from tools.notebooks import write
from tools.site.building import DOCS, build
from tools.site.remote import remote_loads

PNG = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=="
ATTACK = "<script>document.title = 'taken'</script>"


@pytest.fixture
def docs(tmp_path):
    """The course's own settings and looks, with a first page and one page for instructors."""
    folder = tmp_path / "docs"
    for name in ("_static", "_templates"):
        shutil.copytree(DOCS / name, folder / name)
    shutil.copyfile(DOCS / "conf.py", folder / "conf.py")
    (folder / "index.md").write_text("# The course\n\n<!-- the table of lessons -->\n", encoding="utf-8")
    (folder / "instructors").mkdir()
    teaching = "# For instructors\n\nBegin with [the first](../../../notebooks/00_quickstart.ipynb#adding).\n"
    (folder / "instructors" / "index.md").write_text(teaching, encoding="utf-8")
    return folder


@pytest.fixture
def built(course, docs):
    """Return a function that builds the site of the stored notebooks, without running them."""

    def build_site(cells):
        course.put(course.lesson, cells)
        course.put(course.lesson.with_name("01_next.ipynb"), [markdown(f"# 01 · Next {ATTACK}"), markdown("## Set-up")])
        course.put(course.solutions, solution_cells())
        course.put(course.exercises, [markdown("# 00 · Quick start: Exercises"), markdown("## Set-up")])
        target = course.project.root / "build" / "course"
        notebooks = {path: course.read(path) for path in course.project.all()}
        build(course.project, notebooks, target, docs)
        return target

    return build_site


def lesson_with_everything():
    """A lesson with a figure, a question, a box, and text that would like to be a script."""
    figure = code("plot()", alt='Two "bars", a < b')
    figure.outputs = [new_output("display_data", {"image/png": PNG})]
    question = "<details><summary>Why?</summary>\n\nBecause `x` is.\n\n</details>"
    notes = markdown("For the speaker alone.", slide="notes")
    return [*lesson_cells(), figure, markdown(question), notes, code("print(attack)", printed=f"{ATTACK}\n")]


def page(site, name):
    return BeautifulSoup((site / name).read_text(encoding="utf-8"), "html.parser")


def test_a_site_has_every_page_and_loads_nothing_from_elsewhere(built):
    site = built(lesson_with_everything())
    pages = {path.relative_to(site).as_posix() for path in site.rglob("*.html")}
    assert {"index.html", "00_quickstart.html", "solutions/00_quickstart_solutions.html"} <= pages
    assert {"search.html", "genindex.html", "api/attention.html", "instructors/index.html"} <= pages
    assert not any(remote_loads((site / name).read_text(encoding="utf-8")) for name in pages)

    lesson = page(site, "00_quickstart.html")
    image = lesson.select_one(".course-figure img")
    assert image["alt"] == 'Two "bars", a < b'
    assert (site / image["src"]).read_bytes().startswith(b"\x89PNG")
    assert lesson.select_one("a.course-colab").text == "Open in Colab"
    assert lesson.select_one("details:not(.colab) p").text == "Because x is."
    assert lesson.select_one(".admonition.course-box .admonition-title").text == "Here / on the Hub"
    assert "For the speaker alone" not in lesson.text
    assert lesson.select_one("article a[href='solutions/00_quickstart_solutions.html']").text == "Solutions"

    index = page(site, "index.html")
    row = [cell.text for cell in index.select_one("article tbody tr").select("td")]
    assert row == ["00 · Quick start", "to add two numbers", "25 minutes", "Exercises · Solutions"]
    teaching = page(site, "instructors/index.html")
    assert teaching.find("a", string="the first")["href"] == "../00_quickstart.html#adding"

    for name in pages:
        assert not page(site, name).find("script", string=lambda text: text and "taken" in text)
    assert ATTACK in lesson.select_one(".cell_output").text + lesson.text


def test_what_is_wrong_with_a_page_is_told_and_the_old_course_stays(built, course):
    site = built(lesson_with_everything())
    before = (site / "00_quickstart.html").read_bytes()
    with pytest.raises(course_tool.ToolError, match=r"00_quickstart\.ipynb.*02_gone\.ipynb"):
        built([*lesson_with_everything(), markdown("[gone](02_gone.ipynb)")])
    shown = code("display(page)")
    shown.outputs = [
        new_output("display_data", {"text/html": '<img src="https://a.example/b.png" alt="b"><a href="#no">'})
    ]
    with pytest.raises(course_tool.ToolError) as told:
        built([*lesson_with_everything(), shown])
    assert "00_quickstart.html: would load https://a.example/b.png" in str(told.value)
    assert "00_quickstart.html: #no leads nowhere: there is no such place on that page" in str(told.value)
    assert (site / "00_quickstart.html").read_bytes() == before
    assert [path.name for path in site.parent.iterdir()] == ["course"]


def test_notebooks_are_executed_with_the_numbers_of_their_figures_and_stay_as_they_are(course, docs):
    course.put(course.lesson, [markdown("# 00 · Quick start"), markdown("## Adding"), markdown("## Set-up")])
    notebook = course.read(course.lesson)
    notebook.cells[-1].source = (
        "import matplotlib.pyplot as plt\n\nfigure, axes = plt.subplots()\naxes.bar(['cats', 'dogs'], [6 * 7, 12.5])\n"
        "axes.set(xlabel='animal', ylabel='how many')\nplt.show()\nprint(figure.number)"
    )
    notebook.cells[-1].metadata["alt"] = "Two bars."
    write(course.lesson, notebook)
    before = course.lesson.read_bytes()
    assert course_tool.main([], course.project, docs) == 0
    lesson = page(course.project.root / "build" / "course", "00_quickstart.html")
    assert lesson.select_one(".cell_output pre").text == "1\n"
    cells = [cell.text for cell in lesson.select(".course-figure table :is(th, td)")]
    assert lesson.select_one(".course-figure img")["alt"] == "Two bars."
    assert cells == ["animal", "how many", "cats", "42.0", "dogs", "12.5"]
    assert course.lesson.read_bytes() == before


def test_a_failing_notebook_is_named(course, docs, capsys):
    course.put(course.lesson, [markdown("# 00 · Quick start"), markdown("## Set-up"), code("1 / 0")])
    notebook = course.read(course.lesson)
    notebook.cells[2].source = ""
    write(course.lesson, notebook)
    assert course_tool.main([], course.project, docs) == 1
    assert "notebooks/00_quickstart.ipynb: cell 4: fails" in capsys.readouterr().err
    assert not (course.project.root / "build").exists()


def test_the_stored_outputs_will_do_and_that_is_said(course, docs, capsys):
    course.put(
        course.lesson,
        [
            markdown("# 00 · Quick start"),
            markdown("## Adding"),
            markdown("## Set-up"),
            code("1 / 0", printed="stored\n"),
        ],
    )
    assert course_tool.main(["--stored"], course.project, docs) == 0
    assert "Its figures have no numbers below them" in capsys.readouterr().out
    site = course.project.root / "build" / "course"
    assert "stored\n" in [output.text for output in page(site, "00_quickstart.html").select(".cell_output pre")]
