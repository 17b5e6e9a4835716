"""The benchmark's environment: on top of the course's own, which it leaves as it is."""

import subprocess
import venv

import pytest

from tools import bench, environment


@pytest.fixture
def clone(tmp_path, monkeypatch):
    """A clone whose environment holds one package, `course`; pip only notes down what it is asked for."""
    (tmp_path / "requirements.txt").write_text("torch==2.13.0\n", encoding="utf-8")
    extra = '[project.optional-dependencies]\nbench = ["peer>=1.4"]\n'
    (tmp_path / "pyproject.toml").write_text(extra, encoding="utf-8")
    venv.create(tmp_path / ".venv")
    (bench.packages_of(tmp_path) / "course.py").write_text("", encoding="utf-8")
    asked = []
    monkeypatch.setattr(environment, "create", lambda root: venv.create(root / ".venv", clear=True))
    monkeypatch.setattr(environment, "pip", lambda arguments, root: asked.append((root, *arguments)))
    return tmp_path, asked


def test_the_peers_go_on_top_of_the_course_and_leave_its_pins(clone):
    root, asked = clone

    bench.ensure(root, root / "bench")

    assert asked == [(root / "bench", "--constraint", str(root / "tools" / "lock.in"), "peer>=1.4")]
    python = environment.python_of(root / "bench")
    assert subprocess.run([python, "-c", "import course"]).returncode == 0


def test_it_is_made_once_and_again_with_another_lock(clone):
    root, asked = clone
    bench.ensure(root, root / "bench")
    bench.ensure(root, root / "bench")
    assert len(asked) == 1

    (root / "requirements.txt").write_text("torch==2.14.0\n", encoding="utf-8")
    bench.ensure(root, root / "bench")
    assert len(asked) == 2


def test_an_interrupted_set_up_is_done_again(clone, monkeypatch):
    root, asked = clone

    def interrupted(arguments, root):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(environment, "pip", interrupted)
        with pytest.raises(KeyboardInterrupt):
            bench.ensure(root, root / "bench")
    bench.ensure(root, root / "bench")

    assert len(asked) == 1
