"""The rules that `tools.lint` applies: one small function each, which yields what it finds."""

from collections.abc import Callable, Iterator

from tools.rules import cells, outputs, template
from tools.rules.names import removed_names
from tools.rules.sheet import Finding, Sheet

Rule = Callable[[Sheet], Iterator[Finding]]

EVERYWHERE: tuple[Rule, ...] = (
    template.title,
    template.badge,
    template.colab_note,
    template.set_up,
    cells.slides,
    cells.known_tags,
    cells.comment_markers,
    cells.no_empty_cells,
    cells.image_texts,
    cells.links,
    cells.only_setup_installs,
    removed_names,
    outputs.counts,
    outputs.metadata,
    outputs.stderr,
    outputs.widgets,
    outputs.errors,
    outputs.compared_share,
    outputs.figure_texts,
    outputs.places,
    outputs.addresses,
    outputs.remote_html,
    outputs.cpu_seconds,
)
LESSON: tuple[Rule, ...] = (
    template.parts,
    template.goals,
    template.minutes,
    template.exercises_link,
    template.box,
    cells.code_sizes,
    cells.prose,
)
EXERCISES: tuple[Rule, ...] = (template.exercise_sections,)


def rules_for(sheet: Sheet) -> tuple[Rule, ...]:
    return EVERYWHERE + (LESSON if sheet.kind == "lesson" else EXERCISES)
