"""`make test-colab` finds Colab's Python, or says in one line that there is none."""

import json
import sys

from tools import colab_python, environment

VERSION = ".".join(map(str, sys.version_info[:2]))


def test_without_colabs_python_it_is_skipped_in_one_line(monkeypatch, capsys):
    monkeypatch.setenv("HF_TUTORIAL_COLAB_PYTHON", "no-such-python")
    assert colab_python.main([]) == 0
    (line,) = capsys.readouterr().out.splitlines()
    assert line.startswith("Skipped: no Python 3.13 was found.")
    assert "HF_TUTORIAL_COLAB_PYTHON=" in line


def test_a_python_counts_only_if_it_is_of_colabs_version(monkeypatch, tmp_path):
    monkeypatch.setenv("HF_TUTORIAL_COLAB_PYTHON", sys.executable)
    monkeypatch.setattr(colab_python, "VERSION", VERSION)
    assert colab_python.find_python() == sys.executable
    monkeypatch.setattr(colab_python, "VERSION", "3.99")
    assert colab_python.find_python() is None


def test_the_pythons_of_pyenv_are_looked_at_too(monkeypatch, tmp_path):
    monkeypatch.delenv("HF_TUTORIAL_COLAB_PYTHON", raising=False)
    monkeypatch.setenv("PATH", "")
    monkeypatch.setattr(colab_python, "VERSION", VERSION)
    python = tmp_path / f"{VERSION}.0" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.write_text(f'#!/bin/sh\nexec "{sys.executable}" "$@"\n', encoding="utf-8")
    python.chmod(0o755)
    assert colab_python.find_python(tmp_path) == str(python)


def test_an_environment_that_is_there_is_used_and_another_is_made_afresh(monkeypatch, tmp_path):
    asked = []
    monkeypatch.setattr(environment, "pip", lambda packages, root: asked.append(packages))
    python = colab_python.ensure(sys.executable, tmp_path)
    assert python == environment.python_of(tmp_path)
    assert asked[0][0].startswith("torch==")
    assert set(colab_python.USUAL) < set(asked[0])
    assert not any("hf" in package for package in asked[0])
    colab_python.ensure(sys.executable, tmp_path)
    assert len(asked) == 1
    stamp = tmp_path / ".venv" / "stamp.json"
    stamp.write_text(json.dumps({"python": "another"}), encoding="utf-8")
    colab_python.ensure(sys.executable, tmp_path)
    assert len(asked) == 2
