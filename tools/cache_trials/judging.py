"""What is asked of a cache after each trial, and how the answers are told."""

import re
from dataclasses import dataclass, field

from tools.cache_trials.surroundings import Ended, Surroundings

_CONDITION = re.compile(r"^[! ] (\S+) +(ready|missing|outdated|damaged)\b", re.MULTILINE)


@dataclass
class Outcome:
    """What a trial has shown: figures, and faults, of which there should be none."""

    trial: str
    figures: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    def expect(self, right: bool, fault: str) -> None:
        """Note the fault unless it is right."""
        if not right:
            self.faults.append(fault)

    def __str__(self) -> str:
        lines = [f"{self.trial}: {'; '.join(self.figures)}", *(f"  FAULT: {fault}" for fault in self.faults)]
        return "\n".join(lines)


def expect_whole(outcome: Outcome, around: Surroundings, reference: dict[str, str], when: str) -> None:
    """Expect the cache to be byte for byte the reference, without a rest of interrupted work, and all else untouched."""
    contents = around.contents()
    for name in sorted(contents.keys() | reference.keys()):
        if name not in contents:
            outcome.faults.append(f"{when}: {name} is missing")
        elif name not in reference:
            outcome.faults.append(f"{when}: {name} is left over")
        elif contents[name] != reference[name]:
            outcome.faults.append(f"{when}: {name} differs from an undisturbed run")
    empty = [path.name for path in around.seen(around.cache).rglob("*.unfinished") if path.is_dir()]
    outcome.expect(not empty, f"{when}: folders are left over: {empty}")
    expect_untouched(outcome, around, when)


def expect_untouched(outcome: Outcome, around: Surroundings, when: str) -> None:
    """Expect home, temporary folder and working folder to be as they were."""
    now = around.outside()
    changed = [name for name in now.keys() | around.before.keys() if now.get(name) != around.before.get(name)]
    outcome.expect(not changed, f"{when}: outside of the cache, this was changed: {sorted(changed)}")


def expect_honest(outcome: Outcome, around: Surroundings, reference: dict[str, str], when: str) -> int:
    """Expect `doctor` to call ready only what is byte for byte the reference; return how many it calls so."""
    said = around.run("doctor")
    conditions = dict(_CONDITION.findall(said.output))
    outcome.expect(bool(conditions), f"{when}: doctor said nothing of any stand-in: {said.errors[-300:]}")
    contents = around.contents()
    for name, condition in conditions.items():
        wanted = {path: sha256 for path, sha256 in reference.items() if path.startswith(f"stand-ins/{name}/")}
        found = {path: contents[path] for path in contents if path.startswith(f"stand-ins/{name}/")}
        outcome.expect(condition != "ready" or wanted == found, f"{when}: doctor calls {name} ready, and it is not")
    return sum(condition == "ready" for condition in conditions.values())


def expect_advice(outcome: Outcome, ended: Ended, advice: str, when: str) -> None:
    """Expect that the command failed with one line, and that the line says what to do."""
    outcome.expect(ended.code == 1, f"{when}: the exit code is {ended.code}, not 1")
    line = ended.errors.strip()
    outcome.expect(
        line.startswith("hf-tutorial: ") and "\n" not in line and advice in line,
        f"{when}: expected one line with {advice!r}, found: {line[-600:]}",
    )
