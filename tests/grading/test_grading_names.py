"""Whose a file is: by the names of Canvas and Moodle, and by a roster as each of them writes it."""

from pathlib import PurePosixPath

import pytest

from hf_tutorial.errors import InputError
from hf_tutorial.grading.names import Sender, sender_of
from hf_tutorial.grading.roster import read_points, read_roster

CANVAS = "Student,ID,SIS User ID,SIS Login ID,Section\n    Points Possible,,,,\n"
MOODLE = "First name,Surname,ID number,Email address\n"


@pytest.mark.parametrize(
    ("path", "sender"),
    [
        ("lovelaceada_77_1234_lesson.ipynb", Sender("lovelaceada", "77", False, 0, "lesson")),
        ("lovelaceada_LATE_77_1234_my_lesson-3.ipynb", Sender("lovelaceada", "77", True, 3, "my_lesson")),
        (
            "gödelkurt_79_5_00_quickstart_exercises.ipynb",
            Sender("gödelkurt", "79", False, 0, "00_quickstart_exercises"),
        ),
        ("Ada Lovelace_76543_assignsubmission_file_/a b.ipynb", Sender("Ada Lovelace", "76543", file="a b")),
        ("Ada Lovelace_76543_assignsubmission_file_lesson.ipynb", Sender("Ada Lovelace", "76543", file="lesson")),
        ("Ada_L_O_76543_assignsubmission_file_/x/y.ipynb", Sender("Ada_L_O", "76543", file="x/y")),
        ("ada.ipynb", Sender("ada", file="ada")),
        ("ada (2).ipynb", Sender("ada", file="ada (2)")),
        ("s123/deep/lesson.ipynb", Sender("s123", file="lesson")),
    ],
)
def test_a_file_name_says_who_sent_it(path, sender):
    assert sender_of(PurePosixPath(path)) == sender


def roster(tmp_path, text):
    path = tmp_path / "roster.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return read_roster(path)


def who(roster, path):
    student = roster.find(sender_of(PurePosixPath(path)))
    return student.id if student else None


def test_canvas_names_are_matched_by_number_then_by_name(tmp_path):
    found = roster(tmp_path, CANVAS + '"Lovelace, Ada",77,s1,ada@x.org,1\n"Lovelace, Bo",78,s2,bo@x.org,1\n')
    assert [student.id for student in found.students] == ["s1", "s2"]
    assert who(found, "someoneelse_78_9_lesson.ipynb") == "s2"
    assert who(found, "lovelaceada_999_9_lesson.ipynb") == "s1"
    assert who(found, "ada.ipynb") == "s1"
    assert who(found, "lovelace_999_9_lesson.ipynb") is None


def test_moodle_names_are_matched_by_name_since_their_number_is_of_moodle_alone(tmp_path):
    text = "\ufeff" + MOODLE.replace(",", ";") + "Ada;Lovelace;s1;ada@x.org\nJosé María;Núñez;s2;jm@x.org\n"
    found = roster(tmp_path, text)
    assert who(found, "Ada Lovelace_5_assignsubmission_file_/l.ipynb") == "s1"
    assert who(found, "Jose Maria Nunez_6_assignsubmission_file_l.ipynb") == "s2"
    assert who(found, "lesson_s2.ipynb") == "s2"
    assert who(found, "s1/lesson.ipynb") == "s1"
    assert who(found, "adalovelace-lesson00.ipynb") == "s1"


def test_two_students_of_one_name_are_not_confused(tmp_path):
    found = roster(tmp_path, "name,id\nKim Lee,s1\nKim Lee,s2\n")
    assert who(found, "Kim Lee_5_assignsubmission_file_l.ipynb") is None
    assert who(found, "s2.ipynb") == "s2"


def test_a_roster_of_names_alone_takes_the_name_as_the_id(tmp_path):
    assert who(roster(tmp_path, "Name\nAda Lovelace\n"), "lovelace ada.ipynb") == "Ada Lovelace"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("mark,group\n1,2\n", "no column for an id or a name: it has mark, group"),
        ("id,name\n", "it has no rows"),
        ("id\ns1\ns1\n", "s1 more than once"),
        ("id,name\ns1,Zoë\n".encode("latin-1"), "CSV UTF-8"),
    ],
)
def test_a_roster_that_cannot_be_used_says_what_is_expected(tmp_path, text, message):
    with pytest.raises(InputError, match=message):
        roster(tmp_path, text)


def test_points_weigh_exercises(tmp_path):
    path = tmp_path / "points.csv"
    path.write_text("Exercise;Points\n00.1;2\n00.2;0,5\n", encoding="utf-8")
    assert read_points(path) == {"00.1": 2.0, "00.2": 0.5}


@pytest.mark.parametrize("row", ["00.1,many", "00.1,-1", "00.1,nan"])
def test_points_are_numbers(tmp_path, row):
    path = tmp_path / "points.csv"
    path.write_text(f"exercise,points\n{row}\n", encoding="utf-8")
    with pytest.raises(InputError, match="points"):
        read_points(path)
