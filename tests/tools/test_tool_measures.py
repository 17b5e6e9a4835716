"""What measures the tests themselves: coverage by package, and what came of mutations."""

import json

import pytest

from tools import coverage_report, mutation


def measured(statements, lines):
    return {
        "summary": {"num_statements": statements, "covered_lines": statements - len(lines)},
        "missing_lines": lines,
    }


FILES = {
    "hf_tutorial/cli.py": measured(10, []),
    "hf_tutorial/page.py": measured(30, [4, 5, 6, 9]),
    "hf_tutorial/tokens/html.py": measured(60, [1]),
    "hf_tutorial/sources/recipes/imdb.py": measured(0, []),
}


@pytest.fixture
def found(monkeypatch):
    monkeypatch.setattr(coverage_report, "_files", lambda: FILES)


def test_coverage_is_summed_by_package(found, capsys):
    assert coverage_report.main(["--report", "--missing"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "hf_tutorial                    36 of      40    90.0 %",
        "hf_tutorial.sources             0 of       0   100.0 %",
        "hf_tutorial.tokens             59 of      60    98.3 %",
        "all                            95 of     100    95.0 %",
        "hf_tutorial/page.py: 4-6, 9",
        "hf_tutorial/tokens/html.py: 1",
    ]


def test_too_little_coverage_fails(found, capsys):
    assert coverage_report.main(["--report", "--least", "95.1"]) == 1
    assert "Less than 95.1 % is covered." in capsys.readouterr().err


def test_a_report_before_any_run_says_so(monkeypatch, tmp_path):
    monkeypatch.setattr(coverage_report, "DATA", tmp_path)
    with pytest.raises(SystemExit, match="Nothing was measured yet"):
        coverage_report.main(["--report"])


def test_mutations_are_counted_by_module(monkeypatch, tmp_path):
    monkeypatch.setattr(mutation, "TREE", tmp_path)
    for module, codes in {"words": [1, 1, 0, 33], "spans": [None, None], "tokens": [3, -24]}.items():
        place = tmp_path / "mutants" / "hf_tutorial" / "truncation" / f"{module}.py.meta"
        place.parent.mkdir(parents=True, exist_ok=True)
        names = {f"hf_tutorial.truncation.{module}.x_f__mutmut_{n}": code for n, code in enumerate(codes)}
        place.write_text(json.dumps({"exit_code_by_key": names}), encoding="utf-8")
    assert mutation.summary() == [
        "truncation.tokens            2 changes: 1 killed, 1 took too long",
        "truncation.words             4 changes: 2 killed, 1 survived, 1 no test runs it",
        "all                          8 changes: 3 killed, 2 not tried, 1 took too long, 1 survived, 1 no test runs it",
    ]


def test_the_copy_is_brought_in_step(monkeypatch, tmp_path):
    root, tree = tmp_path / "root", tmp_path / "tree"
    for name in ("hf_tutorial/a.py", "tests/test_a.py", "tools/mutation.cfg", "pyproject.toml"):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(name, encoding="utf-8")
    monkeypatch.setattr(mutation, "ROOT", root)
    monkeypatch.setattr(mutation, "TREE", tree)
    mutation.copy()
    (tree / "mutants").mkdir()
    (tree / "mutants" / "kept").write_text("kept", encoding="utf-8")
    (root / "hf_tutorial" / "a.py").rename(root / "hf_tutorial" / "b.py")
    mutation.copy()
    assert [path.name for path in (tree / "hf_tutorial").iterdir()] == ["b.py"]
    assert (tree / "mutants" / "kept").is_file()
    assert (tree / "setup.cfg").read_text(encoding="utf-8") == "tools/mutation.cfg"
