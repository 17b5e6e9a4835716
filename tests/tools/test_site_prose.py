"""The Markdown that Sphinx reads: links, boxes, the Colab button, and what may not become HTML."""

import pytest

from tools.notebooks import write_text
from tools.site.notebooks import prose_for_site
from tools.site.prose import outside_code, text_of, with_boxes, without_foreign_html


def test_code_stays_as_it_is():
    text = "<a> `<b>` ``<c> ` <c>``\n\n```python\n<d>\n```\n\n~~~\n<e>\n~~~\n<f>"
    assert outside_code(text, lambda part: part.replace("<", "&lt;")) == (
        "&lt;a> `<b>` ``<c> ` <c>``\n\n```python\n<d>\n```\n\n~~~\n<e>\n~~~\n&lt;f>"
    )


def test_what_a_directive_holds_is_prose_unless_it_is_code():
    text = "```{glossary}\nterm\n  text <x>\n```\n\n````{note}\n```text\n<y>\n```\n<z>\n````\n\n```{code-block} python\n<w>\n```\n"
    changed = outside_code(text, lambda part: part.replace("<", "&lt;"))
    assert [mark for mark in ("<x>", "<y>", "<z>", "<w>") if mark in changed] == ["<y>", "<w>"]


def test_a_lone_backtick_hides_nothing_that_follows():
    assert outside_code("a ` b\n\n<c> `d`", lambda part: part.replace("<", "&lt;")) == "a ` b\n\n&lt;c> `d`"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("# <script>alert(1)</script>", "# &lt;script>alert(1)&lt;/script>"),
        ("<img src=x onerror=alert(1)>", "&lt;img src=x onerror=alert(1)>"),
        ("<!-- a remark --> <?x ?>", "&lt;!-- a remark --> &lt;?x ?>"),
        ("<details><summary><b>Q</b></summary>", "<details><summary><b>Q</b></summary>"),
        ("2 < 3 and <-", "2 < 3 and <-"),
        ("<https://a.example>", "<https://a.example>"),
    ],
)
def test_only_the_html_that_lessons_use_stays_html(text, shown):
    assert without_foreign_html(text) == shown


def test_a_box_becomes_an_admonition_and_a_quotation_stays_one():
    box = "Before.\n\n> **Here / on the Hub.** The `name` is\n> another.\n>\n> So it is.\n\n> A review, quoted.\n\n> **batch** = a × b"
    assert with_boxes(box) == (
        "Before.\n\n::::{admonition} Here / on the Hub\n:class: course-box\n\nThe `name` is\nanother.\n\nSo it is.\n::::"
        "\n\n> A review, quoted.\n\n> **batch** = a × b"
    )


def test_a_title_in_a_table_is_text():
    assert text_of("A <b> | `x | <y>`") == "A &lt;b&gt; \\| `x \\| <y>`"


@pytest.fixture
def for_site(course):
    """Return a function that rewrites the prose of the small course's lesson."""
    write_text(course.project.notebooks / "01_next.ipynb", "{}")
    write_text(course.project.notebooks / "scripts" / "train.py", "pass")
    write_text(course.project.root / "docs" / "course" / "glossary.md", "# Glossary")
    pages = {"00_quickstart", "01_next", "glossary", "exercises/00_quickstart_exercises"}

    def rewrite(text, home="notebooks", page="00_quickstart"):
        return prose_for_site(text, course.project, course.project.root / home, page, pages)

    return rewrite


def test_links_lead_to_where_the_site_has_their_targets(for_site):
    assert for_site("[next](01_next.ipynb#the-end)") == "[next](01_next.ipynb#the-end)"
    assert for_site("[next](../../../notebooks/01_next.ipynb)", "docs/course/instructors", "instructors/room") == (
        "[next](../01_next.ipynb)"
    )
    assert for_site("[word](../docs/course/glossary.md)") == "[word](glossary.md)"


def test_what_the_site_leaves_out_is_in_the_repository(for_site):
    assert for_site("[the script](scripts/train.py)") == (
        "[the script](https://github.com/someone/a-course/blob/main/notebooks/scripts/train.py)"
    )


def test_a_link_to_nowhere_is_left_for_sphinx_to_refuse(for_site):
    assert for_site("[gone](02_gone.ipynb)") == "[gone](02_gone.ipynb)"


def test_the_badge_becomes_a_button_without_a_picture(for_site):
    badge = (
        "[![Open in Colab](https://colab.research.google.com/assets/colab-badge.svg)](https://colab.example/x) · more"
    )
    assert for_site(badge) == '<a class="course-colab" href="https://colab.example/x">Open in Colab</a> · more'
