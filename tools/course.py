"""`python -m tools.course`: execute every notebook and build the course as HTML pages under build/course/.

The notebooks themselves stay as they are. A page that would load anything from another host is refused.
"""

import argparse
import shutil
import sys
import uuid
from collections.abc import Mapping, Sequence
from pathlib import Path

from nbformat import NotebookNode
from pygments.formatters import HtmlFormatter

from tools import reference_env
from tools.execute import run_all
from tools.notebooks import Project, ToolError, kind, write_text
from tools.pages.export import TEMPLATES, export, local_images
from tools.pages.index import index_page, navigation, page_of, title_of
from tools.pages.remote import remote_loads
from tools.rules.sheet import Sheet


def build(project: Project, notebooks: Mapping[Path, NotebookNode], target: Path) -> None:
    """Write the pages of executed notebooks into `target`, all or none."""
    draft = target.with_name(f"{target.name}.{uuid.uuid4().hex[:8]}")
    try:
        for path, notebook in notebooks.items():
            place = draft / page_of(project, path)
            _write_page(place, page(project, path, notebook), project.shown(path))
            _copy_images(path.parent, local_images(notebook), place.parent)
        lessons = [path for path in notebooks if kind(path) == "lesson"]
        _write_page(draft / "index.html", index_page(project, lessons), "the index")
        write_text(draft / "course.css", stylesheet())
        shutil.rmtree(target, ignore_errors=True)
        draft.rename(target)
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def page(project: Project, path: Path, notebook: NotebookNode) -> str:
    return export(
        notebook,
        title=title_of(Sheet(project, path)),
        home="" if kind(path) == "lesson" else "../",
        navigation=navigation(project, path),
    )


def _write_page(path: Path, html: str, name: str) -> None:
    if remote := remote_loads(html):
        raise ToolError(f"{name}: its page would load {', '.join(remote)}; the course must need no network")
    write_text(path, html)


def _copy_images(source: Path, addresses: Sequence[str], target: Path) -> None:
    for address in addresses:
        (target / address).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source / address, target / address)


def stylesheet() -> str:
    """Return our style, and colours for code in light and dark."""
    light = HtmlFormatter(style="default").get_style_defs(".highlight")
    dark = HtmlFormatter(style="github-dark").get_style_defs(".highlight")
    ours = (TEMPLATES / "course.css").read_text(encoding="utf-8")
    plain = ".highlight, .highlight pre { background: none !important; }"
    return f"{light}\n@media (prefers-color-scheme: dark) {{\n{dark}\n}}\n{plain}\n{ours}"


def main(arguments: Sequence[str] | None = None, project: Project | None = None) -> int:
    argparse.ArgumentParser(prog="python -m tools.course", description=__doc__).parse_args(arguments)
    project = project or Project()
    target = project.root / "build" / "course"
    try:
        paths = project.all()
        if not paths:
            raise ToolError(f"There is no notebook in {project.notebooks}.")
        build(project, run_all(project, paths, reference_env.kernel_environment()), target)
    except ToolError as error:
        print(error, file=sys.stderr)
        return 1
    print(f"The course is in {target / 'index.html'}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
