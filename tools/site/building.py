"""Build the site: Sphinx, then what must hold of every page, and only then the place where readers look."""

import io
import re
import shutil
import tempfile
import warnings
from collections.abc import Mapping
from pathlib import Path

from nbformat import NotebookNode

from tools.notebooks import ROOT, Project, ToolError
from tools.site.references import broken_references
from tools.site.remote import remote_loads
from tools.site.sources import write_sources

_COLOUR = re.compile(r"\x1b\[[0-9;]*m")
DOCS = ROOT / "docs" / "course"


def build(project: Project, notebooks: Mapping[Path, NotebookNode], target: Path, docs: Path = DOCS) -> None:
    """Write the site of executed notebooks to `target`, all or none. Raises ToolError with everything that is wrong."""
    target.parent.mkdir(parents=True, exist_ok=True)
    # Beside its place, so that a rename puts it there.
    with tempfile.TemporaryDirectory(prefix=".course-", dir=target.parent) as folder:
        sources, site, old = (Path(folder) / name for name in ("sources", "site", "old"))
        sources.mkdir()
        write_sources(project, docs, notebooks, sources)
        run_sphinx(sources, site, Path(folder) / "doctrees")
        if findings := problems(site):
            raise ToolError("\n".join(findings))
        if target.exists():
            target.rename(old)
        site.rename(target)


def run_sphinx(sources: Path, target: Path, doctrees: Path) -> None:
    """Let Sphinx read `sources` and write HTML. A warning is an error, and all of them are told."""
    from sphinx.application import Sphinx
    from sphinx.util.docutils import docutils_namespace, patch_docutils

    told = io.StringIO()
    with patch_docutils(str(sources)), docutils_namespace(), warnings.catch_warnings():
        # What the theme and MyST will have to mend before a later Sphinx.
        warnings.simplefilter("ignore", DeprecationWarning)
        warnings.simplefilter("ignore", PendingDeprecationWarning)
        app = Sphinx(
            sources,
            sources,
            target,
            doctrees,
            "html",
            status=None,
            warning=told,
            freshenv=True,
            warningiserror=False,
        )
        app.build(force_all=True)
    if said := told.getvalue().strip():
        raise ToolError(_COLOUR.sub("", said).replace(f"{sources}/", ""))
    _tidy(target)


def _tidy(site: Path) -> None:
    """Delete what no page uses: Sphinx's own notes, and templates, source maps and translations of the themes."""
    static = site / "_static"
    for path in [site / ".buildinfo", site / "objects.inv", *static.glob("*.html"), *static.rglob("*.map")]:
        path.unlink(missing_ok=True)
    shutil.rmtree(static / "locales", ignore_errors=True)


def problems(site: Path) -> list[str]:
    """Return what is wrong with the pages of a site: loads from other hosts, and references that lead nowhere."""
    found = []
    for page in sorted(site.rglob("*.html")):
        name = page.relative_to(site).as_posix()
        if remote := remote_loads(page.read_text(encoding="utf-8")):
            found.append(f"{name}: would load {', '.join(remote)}; the course must need no network")
    return found + broken_references(site)
