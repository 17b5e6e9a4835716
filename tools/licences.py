"""Write docs/licences.md, the licences of all packages in the lock: `python -m tools.licences`.

The licence is read from what the installed packages say of themselves. Where they do not say it, or where a package
belongs to another system, somebody has looked, and the result stands in `BY_HAND`.
"""

import argparse
import re
import sys
from collections import Counter
from dataclasses import dataclass
from importlib.metadata import Distribution, PackageNotFoundError, distribution

from tools.environment import ROOT
from tools.notebooks import write_text
from tools.reference_env import locked_versions

PAGE = ROOT / "docs" / "licences.md"
_SPHINX_S = "BSD-2-Clause"
# From licence files: those of docutils name each exception; those of five helpers of Sphinx are in their sources alone;
# axe-playwright-python carries Deque's axe-core; the last three are for one system each.
BY_HAND = {
    "axe-playwright-python": "MIT AND MPL-2.0",
    "docutils": "public domain, some files BSD-2-Clause",
    "matplotlib": "PSF-2.0, its fonts under their own",
    **{f"sphinxcontrib-{name}help": _SPHINX_S for name in ("apple", "dev", "html", "qt")},
    "sphinxcontrib-serializinghtml": _SPHINX_S,
    "appnope": "BSD-2-Clause",
    "colorama": "BSD-3-Clause",
    "pywinpty": "MIT",
}
# What packages write, in the names that SPDX gives. "BSD License" says too little: their licence file says which.
_NAMES = {
    "Apache": "Apache-2.0",
    "Apache 2.0": "Apache-2.0",
    "Apache 2.0 License": "Apache-2.0",
    "Apache License, Version 2.0": "Apache-2.0",
    "Apache Software License": "Apache-2.0",
    "BSD 2-Clause License": "BSD-2-Clause",
    "BSD 3-Clause License": "BSD-3-Clause",
    "ISC License": "ISC",
    "ISC License (ISCL)": "ISC",
    "ISC license": "ISC",
    "MIT License": "MIT",
    "MIT license": "MIT",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
    "PSFL": "PSF-2.0",
    "Python Software Foundation License": "PSF-2.0",
}
_SPDX = re.compile(r"[A-Za-z0-9.+-]+-[0-9.]+[A-Za-z0-9.+-]*|MIT|ISC|0BSD|Zlib|MIT-CMU|CNRI-Python")
_HEAD = """\
# Licences of the packages in the lock

`python -m tools.licences` writes this page from what the packages of `requirements.txt` say of themselves, in the terms of
SPDX; a test keeps it in step. None of them is copied into this repository: pip installs them from your index. The carrier
wheels, which are not installed, are on the page about [provenance](provenance.md).

*says so* names where it stands: the package's licence expression, its licence field, its classifiers, its licence file,
or nowhere, so that somebody has looked into the files.

"""


@dataclass(frozen=True)
class Row:
    """One package of the lock. `licence` is empty where the package is not installed and nobody has looked."""

    name: str
    version: str
    licence: str
    source: str

    def __str__(self) -> str:
        return f"| {self.name} | {self.version} | {self.licence} | {self.source} |"


def licence_of(package: Distribution) -> tuple[str, str]:
    """Return the licence of an installed package and where it says so; two empty texts if it does not."""
    metadata = package.metadata
    classifiers = [text.split(" :: ")[-1] for text in metadata.get_all("Classifier", []) if text.startswith("License")]
    field = (metadata.get("License") or "").strip()
    if expression := metadata.get("License-Expression"):
        return expression, "expression"
    for text, source in ((field, "field"), (" AND ".join(classifiers), "classifiers")):
        name = _NAMES.get(text, text)
        if all(_SPDX.fullmatch(part) for part in re.split(r" (?:AND|OR) ", name)):
            return name, source
    return (clauses, "licence file") if (clauses := bsd_clauses(_licence_files(package) or field)) else ("", "")


def _licence_files(package: Distribution) -> str:
    found = [path for path in package.files or () if re.search(r"licen[cs]e|copying", path.name, re.IGNORECASE)]
    return "\n".join(path.read_text(encoding="utf-8") for path in found if path.suffix in ("", ".txt", ".md", ".rst"))


def bsd_clauses(text: str) -> str:
    """Say which BSD licence a text is; an empty text if it is none.

    >>> bsd_clauses("Redistribution and use in source and binary forms … Neither the name of …")
    'BSD-3-Clause'
    """
    words = " ".join(text.split())
    if "Redistribution and use in source and binary forms" not in words:
        return ""
    return (
        "BSD-3-Clause" if re.search(r"Neither the names? |names? of .{0,80} may not be used", words) else "BSD-2-Clause"
    )


def row_of(name: str, version: str) -> Row:
    """Return the row of a locked package, from the table above or from the package itself."""
    if name in BY_HAND:
        return Row(name, version, BY_HAND[name], "by hand")
    try:
        package = distribution(name)
    except PackageNotFoundError:
        return Row(name, version, "", "")
    return Row(name, version, *licence_of(package))


def rows() -> list[Row]:
    """Return a row for each package of the lock."""
    locked = locked_versions((ROOT / "requirements.txt").read_text(encoding="utf-8"))
    return [row_of(name, version) for name, version in sorted(locked.items())]


def page(table: list[Row]) -> str:
    counts = Counter(row.licence for row in table)
    summary = ", ".join(f"{licence} ({count})" for licence, count in counts.most_common() if count > 2)
    others = sum(count for count in counts.values() if count <= 2)
    head = ["| package | version | licence | says so |", "|---|---|---|---|"]
    return f"{_HEAD}{len(table)} packages: {summary}, and {others} with others.\n\n" + "\n".join(
        [*head, *map(str, table), ""]
    )


def main() -> int:
    argparse.ArgumentParser(prog="tools.licences", description=__doc__).parse_args()
    table = rows()
    if unclear := [row.name for row in table if not row.licence]:
        print(f"Look into the licences of {', '.join(unclear)}, and add them to BY_HAND in tools/licences.py.")
        return 1
    write_text(PAGE, page(table))
    print(f"docs/licences.md: {len(table)} packages")
    return 0


if __name__ == "__main__":
    sys.exit(main())
