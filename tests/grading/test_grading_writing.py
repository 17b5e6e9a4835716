"""What is written: tables and pages that do no harm, and no file lost."""

import csv
import io

import pytest

from hf_tutorial.grading.conversation import Finding
from hf_tutorial.grading.document import as_html, as_text
from hf_tutorial.grading.folder import OutputError, check_folder, write_folder
from hf_tutorial.grading.report import feedback_of, report_of
from hf_tutorial.grading.results import Grades, Row
from hf_tutorial.grading.roster import Student
from hf_tutorial.grading.settings import Limits
from hf_tutorial.grading.table import csv_of

HOSTILE = '</script><img onerror=alert(1) src=x> & "$x$" \0 \ud800 🤗 العربية\n=1+1'


def grades():
    row = Row(Student("=cmd()", HOSTILE), ["@SUM(A1)"], {"A.1": Finding("wrong", HOSTILE, 0.5)}, [HOSTILE], [HOSTILE])
    row.flags.append(HOSTILE)
    row.private.append("private: seen")
    good = Row(Student("s2", "Bo"), ["b.ipynb"], {"A.1": Finding("right", "Good.", 1.0)})
    return Grades(["A.1", "A.2"], {"A.1": 2.0}, Limits(), True, [row, good, Row(Student("s3", "Cy"))], [HOSTILE])


def test_the_table_weighs_points_and_holds_no_formula():
    header, first, second, third = csv.reader(io.StringIO(csv_of(grades())))
    assert header == ["student id", "name", "submission", "A.1", "A.2", "total", "out of", "remarks"]
    assert (first[0], first[2]) == ("'=cmd()", "'@SUM(A1)")
    assert [row[3:7] for row in (first, second, third)] == [
        ["1", "0", "1", "3"],
        ["2", "0", "2", "3"],
        ["0", "0", "0", "3"],
    ]
    assert not [
        cell for row in (first, second, third) for cell in row if cell.lstrip().startswith(("=", "+", "-", "@"))
    ]


@pytest.mark.parametrize("document", [report_of(grades()), feedback_of(grades(), grades().rows[0])])
def test_pages_escape_what_comes_from_a_submission(document):
    page = as_html(document)
    assert "<img" not in page
    assert "&lt;img onerror=alert(1) src=x&gt; &amp; &quot;$x$&quot;" in page
    assert not [sign for sign in page if 0xD800 <= ord(sign) < 0xE000 or sign == "\0"]
    page.encode()


def test_the_report_says_what_went_wrong_most_often_and_what_to_look_at():
    text = as_text(report_of(grades()))
    assert "3 students, of whom 2 have submitted something. 2 exercises, 3 points in all." in text
    assert "1 right, 1 wrong, 1 not submitted." in text
    assert text.index("To look at") < text.index("Remarks") < text.index("Everybody")
    text.encode()


def test_feedback_keeps_flags_and_private_remarks_from_the_student():
    flagged = grades()
    flagged.rows[0].flags = ["flag: seen"]
    page = as_html(feedback_of(flagged, flagged.rows[0]))
    assert "seen" not in page


def test_what_was_written_may_be_written_again(tmp_path):
    folder = tmp_path / "out"
    write_folder(folder, {"grades.csv": "1", "feedback/a.html": "a"})
    write_folder(folder, {"grades.csv": "2"})
    assert sorted(path.name for path in folder.rglob("*") if path.is_file()) == [
        *(".made-by-hf-tutorial-grade.json", "grades.csv")
    ]
    assert (folder / "grades.csv").read_text(encoding="utf-8") == "2"


def test_what_was_edited_or_is_not_ours_is_left_alone(tmp_path):
    folder = tmp_path / "out"
    write_folder(folder, {"grades.csv": "1"})
    (folder / "grades.csv").write_text("edited", encoding="utf-8")
    with pytest.raises(OutputError, match="was changed since it was written"):
        write_folder(folder, {"grades.csv": "2"})
    (folder / "grades.csv").write_text("1", encoding="utf-8")
    (folder / "mine.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(OutputError, match="was not written by `hf-tutorial grade`"):
        check_folder(folder)
    assert (folder / "grades.csv").read_text(encoding="utf-8") == "1"


def test_an_interrupted_writing_can_be_done_again(tmp_path, monkeypatch):
    from hf_tutorial.grading import folder as module

    folder = tmp_path / "out"
    write_folder(folder, {"a": "1", "b": "1"})
    usual = module._write

    def interrupted(path, text):
        if path.name == "b":
            raise KeyboardInterrupt
        usual(path, text)

    monkeypatch.setattr(module, "_write", interrupted)
    with pytest.raises(KeyboardInterrupt):
        write_folder(folder, {"a": "2", "b": "2"})
    monkeypatch.setattr(module, "_write", usual)
    write_folder(folder, {"a": "3", "b": "3"})
    assert (folder / "b").read_text(encoding="utf-8") == "3"
