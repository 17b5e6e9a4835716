import pytest
from bs4 import BeautifulSoup
from nbformat.v4 import new_output
from sample_course import code, lesson_cells, markdown, solution_cells

from tools import course as course_tool
from tools.notebooks import Project, write
from tools.pages.remote import remote_loads

PNG = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=="


@pytest.fixture
def built(course):
    """Return a function that builds the pages of the stored notebooks, without running them."""

    def build(cells):
        course.put(course.lesson, cells)
        course.put(course.lesson.with_name("01_next.ipynb"), [markdown("# 01 · Next <b>"), markdown("## Set-up")])
        course.put(course.solutions, solution_cells())
        target = course.project.root / "build" / "course"
        notebooks = {path: course.read(path) for path in course.project.all()}
        course_tool.build(Project(course.project.root), notebooks, target)
        return target

    return build


def figure(alt):
    cell = code("plot()", alt=alt)
    cell.outputs = [new_output("display_data", {"image/png": PNG})]
    return cell


def test_pages_load_nothing_from_elsewhere_and_lead_to_each_other(built):
    target = built([*lesson_cells(), figure('Two "bars", a < b')])
    pages = {path.relative_to(target).as_posix(): path.read_text() for path in target.rglob("*.html")}
    assert set(pages) == {"index.html", "00_quickstart.html", "01_next.html", "solutions/00_quickstart_solutions.html"}
    assert not any(remote_loads(page) for page in pages.values())
    lesson = BeautifulSoup(pages["00_quickstart.html"], "html.parser")
    assert [image["alt"] for image in lesson.select("img")] == ['Two "bars", a < b']
    assert lesson.select_one("a[href='exercises/00_quickstart_exercises.html']")
    assert lesson.select_one("nav a[rel=next]")["href"] == "01_next.html"
    assert lesson.select_one("nav a[rel=next]").text == "01 · Next <b> →"
    assert lesson.find("a", string="Open in Colab")
    assert 'href="../course.css"' in pages["solutions/00_quickstart_solutions.html"]
    assert ".highlight" in (target / "course.css").read_text()


def test_answers_stay_inside_their_details_and_images_beside_their_page(built, course):
    (course.project.notebooks / "images").mkdir()
    (course.project.notebooks / "images" / "a.png").write_bytes(b"a picture")
    question = "<details><summary>Why?</summary>\n\nBecause `x` is.\n\n</details>\n\n![A picture](images/a.png)"
    target = built([*lesson_cells(), markdown(question)])
    page = BeautifulSoup((target / "00_quickstart.html").read_text(), "html.parser")
    assert page.select_one("details p").text == "Because x is."
    assert (target / page.select_one("img[alt='A picture']")["src"]).read_bytes() == b"a picture"


def test_the_index_tells_what_each_lesson_teaches(built):
    index = (built(lesson_cells()) / "index.html").read_text()
    assert (
        '<a href="00_quickstart.html">00 · Quick start</a></td><td>to add two numbers</td><td>25 minutes</td>' in index
    )
    assert '<a href="solutions/00_quickstart_solutions.html">Solutions</a>' in index
    assert "01 · Next &lt;b&gt;" in index


def test_a_page_that_would_load_something_is_refused_and_the_old_course_stays(built, course):
    target = built(lesson_cells())
    before = (target / "00_quickstart.html").read_bytes()
    with pytest.raises(
        course_tool.ToolError, match=r"00_quickstart\.ipynb: its page would load https://a\.example/b\.png"
    ):
        built([*lesson_cells(), markdown("![A picture](https://a.example/b.png)")])
    assert (target / "00_quickstart.html").read_bytes() == before
    assert [path.name for path in target.parent.iterdir()] == ["course"]


@pytest.mark.parametrize(
    "html",
    [
        '<script src="https://a.example/x.js"></script>',
        '<link rel="stylesheet" href="//a.example/x.css">',
        '<img srcset="small.png 1x, https://a.example/large.png 2x">',
        "<style>@import 'https://a.example/x.css';</style>",
        '<div style="background: url(https://a.example/x.png)"></div>',
        '<script type="module">import x from "https://a.example/x.mjs"</script>',
        '<iframe srcdoc="&lt;script src=&quot;//a.example/x.js&quot;&gt;&lt;/script&gt;"></iframe>',
    ],
)
def test_loads_are_seen(html):
    assert len(remote_loads(html)) == 1


@pytest.mark.parametrize(
    "html",
    [
        '<a href="https://huggingface.co">go</a>',
        '<img src="data:image/png;base64,aa//bb">',
        '<svg xmlns="http://www.w3.org/2000/svg"></svg>',
        "<pre>curl https://a.example</pre>",
        '<script>// see https://a.example\nfetch("data.json")</script>',
    ],
)
def test_what_is_no_load_is_left_alone(html):
    assert remote_loads(html) == []


def test_notebooks_are_executed_and_stay_as_they_are(course, capsys):
    course.put(course.lesson, [markdown("# 00 · Quick start"), markdown("## Set-up")])
    notebook = course.read(course.lesson)
    notebook.cells[2].source = "print(6 * 7)"
    write(course.lesson, notebook)
    before = course.lesson.read_bytes()
    assert course_tool.main([], course.project) == 0
    assert "<pre>42\n</pre>" in (course.project.root / "build/course/00_quickstart.html").read_text()
    assert course.lesson.read_bytes() == before


def test_a_failing_notebook_is_named(course, capsys):
    course.put(course.lesson, [markdown("# 00 · Quick start"), markdown("## Set-up"), code("1 / 0")])
    notebook = course.read(course.lesson)
    notebook.cells[2].source = ""
    write(course.lesson, notebook)
    assert course_tool.main([], course.project) == 1
    assert "notebooks/00_quickstart.ipynb: cell 4: fails" in capsys.readouterr().err
    assert not (course.project.root / "build").exists()
