"""`make test-oldest` and `make test-newest`: which Python, which packages, and when the environment is made again."""

import subprocess
import sys

import pytest

from tools import environment, lock, other_versions, pythons
from tools import other_versions_environment as versions
from tools.environment import KitError

HERE = ".".join(map(str, sys.version_info[:2]))


class Uv:
    """Notes down what uv is asked for. It resolves to what `packages` holds, and makes nothing."""

    def __init__(self, home):
        self.home = home
        self.packages = "torch==2.6.0\nnumpy==2.0.0\n"
        self.asked = []

    def __call__(self, arguments, stdin=""):
        self.asked.append((*arguments, stdin))
        if arguments[0] == "venv":
            python = environment.python_of(self.home)
            python.parent.mkdir(parents=True)
            python.touch()
        return self.packages if arguments[:2] == ["pip", "compile"] else ""

    def last(self):
        """Return the commands since the last call, without their arguments."""
        commands = [" ".join(arguments[:2]) if arguments[0] == "pip" else arguments[0] for arguments in self.asked]
        self.asked.clear()
        return commands


@pytest.fixture
def uv(monkeypatch, tmp_path):
    uv = Uv(tmp_path / "home")
    monkeypatch.setattr(versions, "uv", uv)
    monkeypatch.setattr(lock, "install_uv", lambda: None)
    monkeypatch.setattr(versions.VersionSet, "home", uv.home)
    return uv


OLDEST, NEWEST = versions.SETS["oldest"], versions.SETS["newest"]
FRESH = ["pip compile", "venv", "pip sync", "pip install"]


def test_an_environment_is_made_once(uv, tmp_path):
    assert versions.ensure(OLDEST, sys.executable) == environment.python_of(tmp_path / "home")
    assert uv.last() == FRESH
    versions.ensure(OLDEST, sys.executable)
    assert uv.last() == ["pip compile"]


def test_other_packages_go_into_the_same_environment_and_another_python_gets_a_fresh_one(uv):
    versions.ensure(NEWEST, sys.executable)
    uv.last()
    uv.packages = "torch==2.15.0\n"
    versions.ensure(NEWEST, sys.executable)
    assert uv.last() == ["pip compile", "pip sync", "pip install"]
    versions.ensure(NEWEST, "another")
    assert uv.last() == FRESH


def test_an_interrupted_installation_is_noticed(uv, monkeypatch):
    versions.ensure(NEWEST, sys.executable)
    uv.packages = "torch==2.15.0\n"
    with monkeypatch.context() as patch:
        patch.setattr(versions, "install", lambda packages, home: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            versions.ensure(NEWEST, sys.executable)
    uv.packages = "torch==2.6.0\nnumpy==2.0.0\n"
    uv.last()
    versions.ensure(NEWEST, sys.executable)
    assert "pip sync" in uv.last()


def test_the_oldest_are_the_lower_bounds_and_the_test_tools_of_the_lock(uv):
    versions.resolve(OLDEST, sys.executable)
    (command,) = uv.asked
    assert command[command.index("--resolution") + 1] == "lowest-direct"
    assert {"--extra=standins", "--extra=lab"} <= set(command)
    assert [line.partition("==")[0] for line in command[-1].splitlines() if "==" in line] == list(versions.TEST_TOOLS)


def test_the_newest_are_bound_by_nothing(uv):
    versions.resolve(NEWEST, sys.executable)
    (command,) = uv.asked
    assert command[command.index("--resolution") + 1] == "highest"
    assert command[-1].split() == list(versions.TEST_TOOLS)


def test_a_python_is_chosen_by_version_or_path_or_found(monkeypatch):
    assert versions.choose_python(OLDEST, sys.executable) == sys.executable
    monkeypatch.setattr(
        pythons, "find_python", lambda version: f"/of/{version}" if version in ("3.11", "3.12") else None
    )
    assert versions.choose_python(OLDEST, None) == "/of/3.11"
    assert versions.choose_python(OLDEST, "3.12") == "/of/3.12"
    assert versions.choose_python(NEWEST, None) == "/of/3.12"
    with pytest.raises(KitError, match=r"no Python 3\.10 was found\..*--python /path/of/python"):
        versions.choose_python(OLDEST, "3.10")


def test_a_failure_of_uv_is_one_line_after_its_own_words(monkeypatch, capfd):
    monkeypatch.setattr(versions, "UV", [sys.executable, "-c", "import sys; sys.exit('no such package')"])
    with pytest.raises(KitError, match="uv pip compile failed; its own message stands above"):
        versions.uv(["pip", "compile"])
    assert capfd.readouterr().err.strip() == "no such package"


@pytest.mark.parametrize(
    ("paths", "modules"),
    [
        ([], ["pytest", "tools.run_notebooks"]),
        (["tests/tokens"], ["pytest"]),
        (["notebooks/00_quickstart.ipynb"], ["tools.run_notebooks"]),
        (["tests/tokens", "notebooks/00_quickstart.ipynb"], ["pytest", "tools.run_notebooks"]),
    ],
)
def test_paths_choose_what_is_run(paths, modules):
    steps = other_versions.steps(paths).values()
    assert [module for module, *_ in steps] == modules
    assert set(paths) <= {argument for arguments in steps for argument in arguments}


def test_everything_is_run_also_after_a_failure_and_the_last_line_says_what_failed(uv, monkeypatch, capsys):
    ran = []

    def call(command, **options):
        ran.append(command[2])
        return subprocess.CompletedProcess(command, returncode=command[2] == "pytest")

    monkeypatch.setattr(other_versions.subprocess, "run", call)
    monkeypatch.setattr(pythons, "version_of", lambda python: HERE)
    assert other_versions.main(["oldest", "--python", sys.executable]) == 1
    assert ran == ["pytest", "tools.run_notebooks"]
    assert (
        capsys.readouterr().out.splitlines()[-1] == f"oldest: Python {HERE}, torch 2.6.0, numpy 2.0.0. Failed: tests."
    )


def test_without_a_python_it_says_so(monkeypatch, capsys):
    monkeypatch.setattr(pythons, "find_python", lambda version: None)
    assert other_versions.main(["oldest"]) == 2
    assert capsys.readouterr().err.startswith("no Python 3.11 was found.")


def test_the_folders_of_tests_exist():
    assert [name for name in other_versions.TESTS if not (environment.ROOT / name).exists()] == []
