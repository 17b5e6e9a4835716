"""Make stand-ins: find what is there, build what is not, and copy what a course bundle brings."""

import hashlib
import io
import shutil
import time
import warnings
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, redirect_stderr, suppress
from importlib import import_module
from importlib.resources import as_file, files
from pathlib import Path

from hf_tutorial.errors import InputError
from hf_tutorial.sources.cache import (
    MANIFEST,
    State,
    cache_root,
    examine,
    explained,
    left_overs,
    locked,
    publish,
    sweep,
)
from hf_tutorial.sources.registry import STAND_INS, StandIn
from hf_tutorial.sources.wheels import kept_at


def folder_of(stand_in: StandIn) -> Path:
    """Return where the cache keeps `stand_in`, whether it is there or not."""
    return cache_root() / "stand-ins" / stand_in.name


def recipe_of(stand_in: StandIn) -> str:
    """Return what the finished folder depends on, as a short text: recipe, version, carriers and our own weights."""
    parts = [f"{stand_in.recipe} {stand_in.version}", *(carrier.sha256 for carrier in stand_in.carriers)]
    if stand_in.weights:
        with as_file(files("hf_tutorial.sources") / "weights" / stand_in.weights) as folder:
            parts += [hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(folder.iterdir())]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]


def state_of(stand_in: StandIn, *, thorough: bool = False) -> State:
    """Say whether `stand_in` is ready to be used."""
    return examine(folder_of(stand_in), recipe_of(stand_in), thorough=thorough)


def ready_folder(stand_in: StandIn) -> Path:
    """Return the folder of `stand_in`, prepared now if it is not there."""
    folder = folder_of(stand_in)
    if not state_of(stand_in).ready:
        prepare_one(stand_in)
    return folder


def prepare_one(stand_in: StandIn, *, bundle: Path | None = None) -> str:
    """Make sure that `stand_in` is there and whole; return what was done: "ready", "copied" or "built".

    `bundle` is a folder of prepared stand-ins to copy from. A copy is checked like everything else.
    """
    if state_of(stand_in, thorough=True).ready:
        return "ready"
    folder, recipe = folder_of(stand_in), recipe_of(stand_in)
    with explained(), locked(stand_in.name):
        if state_of(stand_in, thorough=True).ready:  # another process was faster
            return "ready"
        sweep(folder)
        if bundle and examine(bundle / stand_in.name, recipe, thorough=True).ready:
            publish(folder, recipe, lambda draft: _copy(bundle / stand_in.name, draft))
            return "copied"
        build = import_module(f"hf_tutorial.sources.recipes.{stand_in.recipe}").build
        with _without_noise():
            publish(folder, recipe, build)
        return "built"


def _copy(source: Path, draft: Path) -> None:
    without_manifest = shutil.ignore_patterns(MANIFEST)
    shutil.copytree(source, draft, dirs_exist_ok=True, ignore=without_manifest, copy_function=shutil.copyfile)


@contextmanager
def _without_noise() -> Iterator[None]:
    """Hide the libraries' own bars, reports and warnings while a recipe runs."""
    import datasets
    from transformers.utils import logging

    bars, level = logging.is_progress_bar_enabled(), logging.get_verbosity()
    dataset_bars = datasets.are_progress_bars_disabled()
    logging.disable_progress_bar()
    logging.set_verbosity_error()
    datasets.disable_progress_bars()
    try:
        # The reader of GGUF files draws a bar that no setting turns off.
        with warnings.catch_warnings(), redirect_stderr(io.StringIO()):
            warnings.simplefilter("ignore")
            yield
    finally:
        logging.set_verbosity(level)
        if bars:
            logging.enable_progress_bar()
        if not dataset_bars:
            datasets.enable_progress_bars()


def named(names: Iterable[str]) -> list[StandIn]:
    """Return the stand-ins of these names or Hub ids; all of them for no name."""
    wanted = list(names)
    if not wanted:
        return list(STAND_INS)
    known = {key: stand_in for stand_in in STAND_INS for key in (stand_in.name, *stand_in.hub_ids)}
    if unknown := [name for name in wanted if name not in known]:
        names_there = ", ".join(stand_in.name for stand_in in STAND_INS)
        raise InputError(f"there is no stand-in called {unknown[0]!r}. There are: {names_there}.")
    return [known[name] for name in wanted]


def prepare(names: Iterable[str] = (), *, bundle: Path | None = None) -> None:
    """Prepare the named stand-ins, or all, with a line and a bar for each.

    `names` are names or Hub ids; `bundle` is a folder of prepared stand-ins, see `prepare_one`.
    """
    from tqdm import tqdm

    chosen = named(names)
    with tqdm(
        chosen, unit="stand-in", bar_format="{l_bar}{bar:24}| {n_fmt}/{total_fmt}", leave=False, disable=None
    ) as steps:
        for stand_in in steps:
            steps.set_description_str(f"preparing {stand_in.name}")
            started = time.monotonic()
            done = prepare_one(stand_in, bundle=bundle)
            seconds = time.monotonic() - started
            steps.write(f"{done:>6}  {stand_in.name:16} {stand_in.hub_id}  ({seconds:.1f} s)")
    _sweep_all(chosen)


def _sweep_all(stand_ins: Iterable[StandIn]) -> None:
    """Delete what killed processes have left beside that which was finished after all."""
    places = {folder_of(stand_in): stand_in.name for stand_in in stand_ins}
    places |= {kept_at(carrier): carrier.project for stand_in in stand_ins for carrier in stand_in.carriers}
    for path, lock in places.items():
        if left_overs(path):
            with suppress(OSError), locked(lock):
                sweep(path)
