"""Checks of lesson 14, first and last part: global batch and steps, and what a resumed run needs."""

from collections.abc import Mapping
from typing import Any

from hf_tutorial.checks.answers import judge_statements, shown, whole_numbers
from hf_tutorial.checks.registry import exercise
from hf_tutorial.checks.verdict import Wrong


@exercise("14.1", expects="a dictionary with a pair (global batch, steps) for each run")
def batches_and_steps(answer: object, runs: Mapping[str, Mapping[str, Any]]) -> str:
    if not isinstance(answer, Mapping):
        raise Wrong(f'Expected a dictionary such as {{"A": (8, 125), …}}, but got {shown(answer)}.')
    for name, run in runs.items():
        if name not in answer:
            raise Wrong(f"There is no entry {name!r}. The runs are {', '.join(runs)}.")
        found = whole_numbers(answer[name], f"two whole numbers for run {name}, the global batch and the steps")
        if len(found) != 2:
            raise Wrong(f"Run {name}: expected two numbers, (global batch, steps), but got {shown(answer[name])}.")
        if reason := _why_not_batch(found[0], run) or _why_not_steps(found[1], run):
            raise Wrong(f"Run {name}: {reason}")
    return "Processes × each × pieces, and as many steps as there are whole global batches."


def _global_batch(run: Mapping[str, Any]) -> int:
    batch: int = run["batch_size"] * run["pieces"]
    return batch if run["split_batches"] else batch * run["processes"]


def _why_not_batch(found: int, run: Mapping[str, Any]) -> str:
    right, processes, pieces = _global_batch(run), run["processes"], run["pieces"]
    if found == right:
        return ""
    if found == run["reviews"] // right:
        return "this is the number of steps. The global batch comes first, then the steps."
    if run["split_batches"] and found == right * processes:
        return "with `split_batches`, the loader's batch is shared out among the processes, not taken by each."
    if run["split_batches"] and found * processes == right:
        return "that is one process's share. The global batch is what all of them see in one step."
    if found * pieces == right:
        return "the pieces are missing. One step is taken after all of them."
    if found in (run["batch_size"], run["batch_size"] * pieces):
        return "that is what one process sees. Without `split_batches`, each process takes a batch of its own."
    if found * pieces * pieces == right:
        return "the pieces were divided by. Here each piece is a batch of the loader, and they add up."
    return f"the global batch is not {found}. How many reviews are seen, by all processes, between two steps?"


def _why_not_steps(found: int, run: Mapping[str, Any]) -> str:
    reviews, batch = run["reviews"], _global_batch(run)
    if found == reviews // batch:
        return ""
    if found == -(-reviews // batch):
        return "one step too many: the last reviews do not fill a global batch, and whole batches only are taken."
    if run["pieces"] > 1 and found in (reviews * run["pieces"] // batch, reviews // batch * run["pieces"]):
        return "that is the number of pieces. A step comes after the last of each group."
    if found == reviews // run["batch_size"]:
        return "that many batches would one process need alone, without pieces. Divide by the global batch."
    return f"{reviews} reviews in global batches of {batch} do not make {found} steps."


_STATEMENTS = {
    "A": (True, "what do Adam's averages hold, and from what do they start in a new optimiser?"),
    "B": (False, "a new schedule begins at step 0. What is the rate there, with warm-up?"),
    "C": (True, "a new loader begins with the first batch of its order. Which batches were taken before the kill?"),
    "D": (True, "dropout draws numbers. From which state of the generator did the whole run draw them?"),
    "E": (False, "the gradients are then sums of other shares. In which order are they added, and is that the same?"),
    "F": (False, "what happens to the steps after the last saved state, when the run goes on from it?"),
}


@exercise("14.5", expects="a set of letters, such as {'A', 'C'}")
def resumed_runs(answer: object) -> str:
    judge_statements(answer, _STATEMENTS)
    return "Weights, optimiser, schedule, random numbers, and the place in the data: lose one, and the run is another."
