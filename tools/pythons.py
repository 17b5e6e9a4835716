"""Which Pythons this machine has: on the path, and where pyenv keeps its own."""

import shutil
import subprocess
from pathlib import Path

PYENV = Path.home() / ".pyenv" / "versions"


def find_python(wanted: str, pyenv: Path = PYENV) -> str | None:
    """Return an interpreter of a version such as "3.13"; None if there is none that runs and can make environments."""
    of_pyenv = [str(path) for path in sorted(pyenv.glob(f"{wanted}.*/bin/python"))]
    return next((python for python in [f"python{wanted}", *of_pyenv] if version_of(python) == wanted), None)


def version_of(python: str) -> str | None:
    """Return major and minor version of an interpreter; a shim of pyenv may exist and still not run."""
    if shutil.which(python) is None:
        return None
    code = "import ensurepip, sys; print('.'.join(map(str, sys.version_info[:2])))"
    return subprocess.run([python, "-c", code], capture_output=True, text=True).stdout.strip()
