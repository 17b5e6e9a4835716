"""Serve the course in JupyterLab, on this machine and without a word to any other."""

import os
import sys
from pathlib import Path

from hf_tutorial.errors import MissingExtraError, SourceError

# JupyterLab asks for news and updates, and its extension manager for a catalogue; Gradio and the Hub's client count uses.
_NO_CALLS_OUT = [
    "--LabApp.news_url=None",
    "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
    "--LabApp.extension_manager=readonly",
]
_NO_CALLS_OUT_FROM_KERNELS = {"HF_HUB_DISABLE_TELEMETRY": "1", "GRADIO_ANALYTICS_ENABLED": "False"}


def course_folder() -> Path:
    """Return the folder of the notebooks: beside the package in a clone, or in the working folder."""
    for parent in (Path(__file__).resolve().parent.parent, Path.cwd()):
        if (parent / "notebooks").is_dir():
            return parent / "notebooks"
    raise SourceError(
        "the notebooks are not here: `hf-tutorial lab` opens the course of a clone of the repository. "
        "Clone it, and run `make lab` there."
    )


def serve(port: int = 8888, *, open_browser: bool = True) -> int:
    """Serve JupyterLab until it is stopped; it prints its address. Where there is no screen, no browser is opened."""
    try:
        from jupyterlab.labapp import main
    except ImportError as error:
        raise MissingExtraError("JupyterLab is not installed: pip install 'hf-tutorial[lab]'") from error
    options = [f"--ServerApp.root_dir={course_folder()}", f"--ServerApp.port={port}", *_NO_CALLS_OUT]
    if not (open_browser and _has_screen()):
        options.append("--no-browser")
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        options.append("--allow-root")  # containers and CI
    os.environ.update(_NO_CALLS_OUT_FROM_KERNELS)
    main(options)
    return 0


def _has_screen() -> bool:
    if sys.platform.startswith("linux"):
        return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
    return True
