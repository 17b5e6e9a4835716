"""The worked assignment of the instructor's guide, graded as the guide says."""

import json
from pathlib import Path

import pytest

from hf_tutorial.grading.grade import grade
from hf_tutorial.grading.options import Options
from hf_tutorial.grading.settings import Limits

EXAMPLE = Path(__file__).parents[2] / "docs" / "course" / "instructors" / "example"
OWN = 'student = \\"s0000000\\"'


def hand_in(folder, name, source, **changes):
    text = (EXAMPLE / source).read_text(encoding="utf-8")
    for old, new in changes.items():
        assert json.loads(f'"{old}"')
        text = text.replace(old, new)
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(text, encoding="utf-8")


@pytest.mark.standins
def test_solved_unsolved_and_half_right(namespaces, tmp_path):
    folder = tmp_path / "submissions"
    hand_in(folder, "exampleada_LATE_77_1234_a1-2.ipynb", "solution.ipynb", **{OWN: OWN.replace("0000000", "0000101")})
    hand_in(folder, "s0000102.ipynb", "assignment.ipynb")
    hand_in(folder, "Chidi Sample_9_assignsubmission_file_a1.ipynb", "solution.ipynb", **{"(3, 13)": "(3, 11)"})
    options = Options(
        folder=folder,
        output=tmp_path / "grades",
        roster=EXAMPLE / "roster.csv",
        checks=EXAMPLE / "checks",
        solutions=(EXAMPLE / "solution.ipynb",),
        limits=Limits(jobs=2),
    )
    grades = grade(options, say=lambda line: None)
    assert grades.exercises == ["A1.1", "A1.2", "A1.3", "A1.4"]
    ada, bjoern, chidi = grades.rows
    assert [row.student.id for row in grades.rows] == ["s0000101", "s0000102", "s0000103"]
    assert grades.total(ada) == 4
    assert grades.total(bjoern) == 0
    assert {bjoern.finding(name).outcome for name in grades.exercises} == {"not done yet"}
    assert [round(grades.earned(chidi, name), 2) for name in grades.exercises] == [0.67, 1, 0, 1]
    assert "readings of s0000000" in chidi.finding("A1.3").message
    assert not [flag for row in grades.rows for flag in row.flags]
    assert sorted(path.stem for path in (tmp_path / "grades" / "feedback").iterdir()) == [
        "s0000101",
        "s0000102",
        "s0000103",
    ]
