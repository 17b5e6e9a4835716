"""The folder of the results: what we have made we may make again, anything else is left alone."""

import json
import re
import uuid
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path

from hf_tutorial.errors import HfTutorialError

_LIST = ".made-by-hf-tutorial-grade.json"
_DRAFT = re.compile(r"\.[0-9a-f]{32}")


class OutputError(HfTutorialError):
    """The results cannot be written here."""


def check_folder(folder: Path) -> None:
    """Raise OutputError if the folder holds what we have not made, or what was changed since."""
    if not folder.exists():
        return
    if not folder.is_dir():
        raise OutputError(f"{folder} is no folder. Name another one: --output FOLDER")
    made = _made(folder)
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.is_dir() or name == _LIST or _DRAFT.fullmatch(path.name):
            continue
        if _hash(path.read_bytes()) not in made.get(name, ()):
            reason = "was changed since it was written" if name in made else "was not written by `hf-tutorial grade`"
            raise OutputError(
                f"{path} {reason}, and would be lost. Move it away, or name another folder: --output FOLDER"
            )


def write_folder(folder: Path, files: Mapping[str, str]) -> None:
    """Write all files, each whole or not at all, and delete what an earlier run has made and this one has not."""
    check_folder(folder)
    earlier = _made(folder)
    folder.mkdir(parents=True, exist_ok=True)
    hashes = {name: [_hash(text.encode())] for name, text in files.items()}
    # Files are listed before they are there, the old beside the new: if this is interrupted, the next run knows both.
    _write_list(folder, {name: [*earlier.get(name, []), *hashes.get(name, [])] for name in earlier | hashes})
    for name, text in files.items():
        _write(folder / name, text)
    for name in earlier.keys() - files.keys():
        (folder / name).unlink(missing_ok=True)
    _write_list(folder, hashes)


def _write_list(folder: Path, hashes: Mapping[str, list[str]]) -> None:
    _write(folder / _LIST, json.dumps(hashes, indent=1, sort_keys=True) + "\n")


def _made(folder: Path) -> dict[str, list[str]]:
    try:
        made = json.loads((folder / _LIST).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        raise OutputError(
            f"{folder / _LIST} cannot be read. Delete the folder, or name another: --output FOLDER"
        ) from error
    return {name: hashes for name, hashes in made.items() if ".." not in Path(name).parts}


def _hash(data: bytes) -> str:
    return sha256(data).hexdigest()


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{uuid.uuid4().hex}")
    try:
        draft.write_bytes(text.encode())
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


def file_names(students: list[str]) -> list[str]:
    """Return a file name for each student: the id in letters that every file system takes, and no name twice.

    >>> file_names(["s1", "../s1", "Zoë"])
    ['s1.html', 's1-2.html', 'Zoë.html']
    """
    names: list[str] = []
    for student in students:
        stem = re.sub(r"[^\w.@-]+", "-", student).strip(".-")[:80] or "student"
        name, copy = f"{stem}.html", 1
        while name.casefold() in {one.casefold() for one in names}:
            copy += 1
            name = f"{stem}-{copy}.html"
        names.append(name)
    return names
