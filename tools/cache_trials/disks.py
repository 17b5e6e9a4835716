"""Disks that are full, that cannot be written, or that are another than everything else is on."""

from collections.abc import Sequence
from pathlib import Path

from tools.cache_trials.judging import Outcome, expect_advice, expect_honest, expect_untouched, expect_whole
from tools.cache_trials.room import Room
from tools.cache_trials.surroundings import Kit, Surroundings


def full(kit: Kit, folder: Path, reference: dict[str, str], kilobytes: Sequence[int]) -> Outcome:
    """Prepare on a disk that is too small, give it more room, and again. The last size is enough."""
    *too_small, enough = kilobytes
    outcome, ready = Outcome("full disk"), []
    with Room(folder / "disk", too_small[0]) as room:
        around = Surroundings(kit, folder, folder / "disk" / "cache", room)
        for size in too_small:
            room.resize(size)
            when = f"on a disk of {size / 1000:g} MB"
            expect_advice(outcome, around.run("prepare"), "is full. Free about 1 GB, or set HF_TUTORIAL_CACHE", when)
            rests = [path.name for path in around.seen(around.cache).rglob("*.unfinished")]
            outcome.expect(not rests, f"{when}: {rests} are left over")
            ready.append(expect_honest(outcome, around, reference, when))
        room.resize(enough)
        ended = around.run("prepare")
        outcome.expect(ended.code == 0, f"with {enough / 1000:g} MB: {ended.errors[-600:]}")
        expect_whole(outcome, around, reference, f"with {enough / 1000:g} MB")
        used = room.used()
    sizes = ", ".join(f"{size / 1000:g} MB ({count} ready)" for size, count in zip(too_small, ready, strict=True))
    outcome.figures = [sizes, f"then {enough / 1000:g} MB, of which {used / 1e6:.1f} are used"]
    return outcome


def read_only(kit: Kit, folder: Path, reference: dict[str, str], some: str) -> Outcome:
    """Take away the right to write: from the disk of the home, then from a user without privileges."""
    outcome = Outcome("no right to write")
    advice = "Set HF_TUTORIAL_CACHE to a folder that you may write to."
    with Room(folder / "disk", 4_000_000) as room:
        around = Surroundings(kit, folder, folder / "elsewhere", room)
        home = folder / "disk" / "home"
        around.seen(home).mkdir()
        around.settings = {"HOME": str(home), "HF_TUTORIAL_CACHE": ""}
        room.forbid_writing()
        expect_advice(outcome, around.run("prepare"), advice, "with a home that is read only")
        around.settings["HF_TUTORIAL_CACHE"] = str(around.cache)
        ended = around.run("prepare", some)
        outcome.expect(ended.code == 0, f"a cache beside a home that is read only: {ended.errors[-600:]}")
        room.allow_writing()
        _a_ready_cache_is_used(outcome, around, room, reference, some)
        _modes_are_obeyed(outcome, around, some, advice)
        expect_untouched(outcome, around, "at the end")
    outcome.figures = ["home, cache, and a user without privileges: one line each; what is ready is used"]
    return outcome


def _a_ready_cache_is_used(
    outcome: Outcome, around: Surroundings, room: Room, reference: dict[str, str], some: str
) -> None:
    around.settings["HF_TUTORIAL_CACHE"] = str(room.folder / "shared")
    around.cache = room.folder / "shared"
    around.run("prepare", some)
    room.forbid_writing()
    ended = around.run("prepare", some)
    outcome.expect(ended.code == 0, f"a ready cache that is read only: {ended.errors[-600:]}")
    outcome.expect(expect_honest(outcome, around, reference, "read only") == 1, "doctor does not see a ready cache")
    room.allow_writing()


def _modes_are_obeyed(outcome: Outcome, around: Surroundings, some: str, advice: str) -> None:
    """The same disk, whose modes forbid: to write, then to look."""
    for mode, what in ((0o500, "may not be written"), (0o000, "may not be read")):
        around.cache = around.cache.with_name(f"mode-{mode:o}")
        around.settings["HF_TUTORIAL_CACHE"] = str(around.cache)
        around.seen(around.cache).mkdir()
        around.seen(around.cache).chmod(mode)
        expect_advice(outcome, around.run("prepare", some, privileged=False), advice, f"a cache that {what}")
        said = around.run("doctor", privileged=False)
        outcome.expect("Traceback" not in said.errors, f"doctor of a cache that {what}: {said.errors[-600:]}")
        outcome.expect(said.code == 1, f"doctor is content with a cache that {what}")


def elsewhere(kit: Kit, folder: Path, reference: dict[str, str]) -> Outcome:
    """Prepare on another disk than home and temporary folder, through a link, below a name that is not plain."""
    outcome = Outcome("another disk")
    with Room(folder / "disk", 4_000_000) as room:
        link = folder / "Ordner mit Ümlauten, 模型 & 'Anführung'"
        around = Surroundings(kit, folder, link / "the cache", room)
        link.symlink_to(room.folder, target_is_directory=True)
        ended = around.run("prepare")
        outcome.expect(ended.code == 0, f"prepare failed: {ended.errors[-600:]}")
        around.cache = room.folder / "the cache"
        expect_whole(outcome, around, reference, "seen without the link")
    outcome.figures = [f"through a link, below {link.name!r}: {ended.seconds:.1f} s"]
    return outcome
