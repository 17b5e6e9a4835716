"""A machine that looks like Colab to a notebook, made of what is installed here.

- Its packages lie outside its own environment, as Colab's lie outside the session, and hf_tutorial is not among them.
  pip leaves what is outside alone: it can add, and lay a newer version on top, but it cannot change what we link to.
- `google.colab` can be imported, and the kernel's shell bears Colab's name.
- Git answers the address in the set-up cell from a repository that holds the files of this checkout.
- The notebook lies alone in an empty folder. No Hub answers.
"""

import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from jupyter_client.kernelspec import KernelSpec
from jupyter_client.manager import AsyncKernelManager
from nbclient import NotebookClient
from nbformat import NotebookNode

from hf_tutorial.sources.cache import cache_root
from tools.hub_guard import HubGuard
from tools.notebooks import ROOT, Project

LOOKS_LIKE = Path(__file__).parent / "looks_like"
_OURS = ("hf_tutorial", "__editable__", "__pycache__")
_VERSIONS = (
    "import json, importlib.metadata as m; print(json.dumps({d.name: m.version(d.name) for d in m.distributions()}))"
)


@dataclass(frozen=True)
class Machine:
    """`python` runs its kernels, `content` is the folder where notebooks lie, `environment` what both are started with."""

    python: Path
    content: Path
    environment: dict[str, str]

    def versions(self) -> dict[str, str]:
        """Return what is installed, as an import would find it."""
        done = subprocess.run([self.python, "-c", _VERSIONS], env=self.environment, capture_output=True, check=True)
        return json.loads(done.stdout)

    def run(self, notebook: NotebookNode) -> NotebookNode:
        """Execute `notebook` in place, in a new kernel. Raises CellExecutionError where a cell fails."""
        words = [str(self.python), "-m", "ipykernel_launcher", "-f", "{connection_file}"]
        words += ["--IPKernelApp.kernel_class=google.colab.kernel.Kernel", "--IPKernelApp.log_level=ERROR"]
        kernel = AsyncKernelManager(kernel_name="colab")
        kernel._kernel_spec = KernelSpec(argv=words, display_name="Colab", language="python")
        client = NotebookClient(notebook, km=kernel, timeout=600, coalesce_streams=True, record_timing=True)
        client.execute(cwd=str(self.content), env=self.environment, reset_kc=True)
        return notebook


def build(folder: Path, base: Path, guard: HubGuard, *, online: bool) -> Machine:
    """Make the machine in `folder`, with the packages that the interpreter `base` finds.

    Without `online`, pip gets no index: the set-up cell must do with what is there, and the package is built with the
    setuptools that is installed, where an environment of its own for the build would need the index.
    """
    home = folder / "machine"
    subprocess.run([base, "-m", "venv", "--without-pip", home], check=True)
    python = home / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    packages = _packages_of(python)
    _link(_packages_of(base), folder / "usual")
    (packages / "usual.pth").write_text(str(folder / "usual") + "\n", encoding="utf-8")
    shutil.copytree(LOOKS_LIKE, packages, dirs_exist_ok=True)
    pip = python.with_name("pip")
    pip.write_text(f'#!/bin/sh\nexec "{python}" -m pip "$@"\n', encoding="utf-8")
    pip.chmod(0o755)
    content = folder / "content"
    content.mkdir()
    environment = _environment(folder, python, repository(folder / "published"), online=online)
    guard.redirect(environment)
    return Machine(python, content, environment)


def _packages_of(python: Path) -> Path:
    code = "import sysconfig; print(sysconfig.get_path('purelib'))"
    return Path(subprocess.run([python, "-c", code], capture_output=True, text=True, check=True).stdout.strip())


def _link(packages: Path, target: Path) -> None:
    target.mkdir()
    for entry in packages.iterdir():
        if not entry.name.startswith(_OURS) and entry.suffix != ".pth":
            (target / entry.name).symlink_to(entry)


def repository(folder: Path) -> Path:
    """Return a git repository with one commit, of the files that this checkout holds or would commit."""
    project = Project()
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    for name in listed.stdout.split("\0"):
        if name and (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(ROOT / name, folder / name)
    git = ["git", "-c", "user.name=Nobody", "-c", "user.email=nobody@example.org", "-c", "commit.gpgsign=false"]
    for words in (
        ["init", "--quiet", f"--initial-branch={project.settings['branch']}"],
        ["config", "uploadpack.allowFilter", "true"],
        ["add", "--all"],
        ["commit", "--quiet", "--no-verify", "--message=As it is here"],
    ):
        subprocess.run([*git, *words], cwd=folder, check=True)
    return folder


def _environment(folder: Path, python: Path, published: Path, *, online: bool) -> dict[str, str]:
    ours = ("HF_", "GIT_", "PYTHON", "JUPYTER", "VIRTUAL_ENV", "MPLBACKEND", "PIP_NO_INDEX")
    environment = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    address = "https://github.com/{owner}/{repository}".format(**Project().settings)
    if not online:
        # "0": pip reads the variable of an option that begins with “no” as the value of its opposite.
        environment |= {"PIP_NO_INDEX": "1", "PIP_NO_BUILD_ISOLATION": "0"}
    return environment | {
        "PATH": os.pathsep.join([str(python.parent), os.environ["PATH"]]),
        "IPYTHONDIR": str(folder / "ipython"),
        "HF_HOME": str(folder / "huggingface"),
        "HF_TUTORIAL_CACHE": str(cache_root()),
        "PYTHONHASHSEED": "0",
        "OMP_NUM_THREADS": "1",
        "GIT_TERMINAL_PROMPT": "0",
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_CONFIG_COUNT": "1",
        "GIT_CONFIG_KEY_0": f"url.{published.as_uri()}.insteadOf",
        "GIT_CONFIG_VALUE_0": address,
    }


def base_python() -> Path:
    """Return the interpreter whose packages the machine gets: this one, or that which `make test-colab` has set up."""
    return Path(os.environ.get("HF_TUTORIAL_COLAB_MACHINE", sys.executable))
