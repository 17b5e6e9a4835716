"""The libraries that BertViz's pages fetch from a CDN, from the npm registry instead, to see its pages at all.

npm has no jQuery 2.0.0, which the pages name; 2.1.0 is the oldest that it has of that line.
"""

import base64
import hashlib
import io
import os
import shutil
import subprocess
import tarfile
import tempfile
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Library:
    """A file of an npm package, the name that pages fetch it by, and the hash of the package (SHA-512, base64)."""

    fetched_as: str
    package: str
    file: str
    sha512: str


LIBRARIES = (
    Library(
        "require.min.js",
        "requirejs@2.3.6",
        "package/require.js",
        "ipEzlWQe6RK3jkzikgCupiTbTvm4S0/CAU5GlgptkN5SO6F3u0UD0K18wy6ErDqiCyP4J4YYe1HuAShvsxePLg==",
    ),
    Library(
        "d3.min.js",
        "d3@5.7.0",
        "package/dist/d3.min.js",
        "8KEIfx+dFm8PlbJN9PI0suazrZ41QcaAufsKE9PRcqYPWLngHIyWJZX96n6IQKePGgeSu0l7rtlueSSNq8Zc3g==",
    ),
    Library(
        "jquery.min.js",
        "jquery@2.1.0",
        "package/dist/jquery.min.js",
        "QyJAvw0LUlUPci88C5LTFNtg4WFs70Dkqmwq4rZyOBflduKnHZakpIIDjhZVygAQbUqaghv6msUyP5TmRoNevQ==",
    ),
)


class LibrariesMissingError(Exception):
    """Why the libraries are not there, in words for a cell of the table."""


def fetch(folder: Path) -> None:
    """Put every library into `folder`, by the names that pages fetch them by; what is there already stays."""
    for library in LIBRARIES:
        if not (folder / library.fetched_as).is_file():
            (folder / library.fetched_as).write_bytes(_unpack(_pack(library.package), library))


def _pack(package: str) -> bytes:
    """Return the archive of a package, as the registry serves it."""
    npm = shutil.which("npm")
    if npm is None:
        raise LibrariesMissingError("npm was not found")
    with tempfile.TemporaryDirectory() as folder:
        command = [npm, "pack", "--silent", package]
        try:
            done = subprocess.run(command, cwd=folder, capture_output=True, timeout=60, shell=os.name == "nt")
        except subprocess.TimeoutExpired:
            raise LibrariesMissingError("the npm registry did not answer") from None
        archives = list(Path(folder).glob("*.tgz"))
        if done.returncode or not archives:
            raise LibrariesMissingError("the npm registry could not be reached")
        return archives[0].read_bytes()


def _unpack(archive: bytes, library: Library) -> bytes:
    found = base64.b64encode(hashlib.sha512(archive).digest()).decode()
    if found != library.sha512:
        raise LibrariesMissingError(f"{library.package} has another hash than expected")
    with tarfile.open(fileobj=io.BytesIO(archive)) as files:
        file = files.extractfile(library.file)
        assert file is not None
        return file.read()
