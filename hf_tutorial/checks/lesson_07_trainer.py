"""Checks of lesson 07, second part: a `Trainer` with the arguments of version 5."""

from typing import TYPE_CHECKING, Any

from hf_tutorial.checks.answers import item, shown
from hf_tutorial.checks.registry import exercise
from hf_tutorial.checks.verdict import Wrong

if TYPE_CHECKING:
    from transformers import Trainer, TrainingArguments

_RECIPE = {
    "num_train_epochs": 3,
    "per_device_train_batch_size": 16,
    "per_device_eval_batch_size": 16,
    "learning_rate": 2e-5,
    "seed": 224,
}


@exercise("07.2", expects="the `Trainer`")
def repaired_trainer(answer: object, tokenizer: Any) -> str:
    trainer = _read(answer)
    _judge_recipe(trainer.args)
    _judge_strategies(trainer.args)
    _judge_batches(trainer, tokenizer)
    _judge_log(trainer)
    return "The lecture's recipe, in names that version 5 knows, with padded batches and a training loss in the log."


def _read(value: object) -> "Trainer":
    from transformers import Trainer, TrainingArguments

    if isinstance(value, Trainer):
        return value
    if isinstance(value, TrainingArguments):
        raise Wrong("These are the arguments alone. Hand over the `Trainer` that is made with them.")
    if isinstance(value, type) and issubclass(value, Trainer):
        raise Wrong("This is the class itself. Call it: `Trainer(model, args, …)`.")
    raise Wrong(f"Expected a `Trainer`, but got {shown(value)}.")


def _judge_recipe(args: "TrainingArguments") -> None:
    for name, value in _RECIPE.items():
        if item(getattr(args, name)) != value:
            raise Wrong(
                f"The lecture has `{name}={value}`, and yours is {getattr(args, name)}. Mend only what is broken."
            )
    if args.warmup_steps != 0.1:
        raise Wrong(_why_not_warmup(args.warmup_steps))


def _why_not_warmup(found: float) -> str:
    if found == 0:
        return "The warm-up is lost. `warmup_ratio` has gone, but `warmup_steps` takes a share as well."
    if found == 10:
        return "This warms up for 10 steps, and not for 10 % of them. A share is written as a number below 1."
    return f"The warm-up should be a tenth of all steps, and is `warmup_steps={found}`."


def _judge_strategies(args: "TrainingArguments") -> None:
    evaluated, saved = _plain(args.eval_strategy), _plain(args.save_strategy)
    if evaluated == "no":
        raise Wrong("Nothing is ever evaluated: `evaluation_strategy` has another name now. Do not leave it out.")
    if evaluated != "epoch":
        raise Wrong(f"The lecture evaluates after each epoch; yours has `eval_strategy={evaluated!r}`.")
    if saved != "epoch":
        raise Wrong(f"The lecture saves after each epoch; yours has `save_strategy={saved!r}`.")
    if not args.load_best_model_at_end:
        raise Wrong("At the end the last weights would stay in the model. The lecture asks for the best.")


def _plain(strategy: object) -> str:
    """Return "no", "steps", "epoch" or "best", from the enum that the arguments make of it."""
    return str(getattr(strategy, "value", strategy))


def _judge_batches(trainer: "Trainer", tokenizer: Any) -> None:
    if trainer.train_dataset is None or trainer.eval_dataset is None:
        missing = "train_dataset" if trainer.train_dataset is None else "eval_dataset"
        raise Wrong(f"The Trainer has no `{missing}`.")
    rows = [{"input_ids": tokenizer(text)["input_ids"], "label": 0} for text in ("a film", "such a dull, dull film")]
    try:
        trainer.data_collator(rows)
    except Exception as error:
        raise Wrong(
            "The batches are not padded: two texts of different length raise a "
            f"{type(error).__name__}. Trainer chooses a collator that pads if it is given the tokenizer, which is its "
            "`processing_class` now."
        ) from error
    if trainer.processing_class is None:
        raise Wrong(
            "The batches are padded, but the Trainer does not know the tokenizer, so that no checkpoint would hold it: "
            "`processing_class=tokenizer`."
        )


def _judge_log(trainer: "Trainer") -> None:
    args = trainer.args
    if _plain(args.logging_strategy) == "epoch":
        return
    if _plain(args.logging_strategy) == "no":
        raise Wrong('With `logging_strategy="no"` there is never a training loss.')
    # The loader alone knows how many steps there are, whatever devices the student has.
    steps = -(-len(trainer.get_train_dataloader()) // args.gradient_accumulation_steps)
    if args.logging_steps > steps:
        raise Wrong(
            f"“No log”: an epoch has {steps} steps, and the training loss is reported every {args.logging_steps:g}. "
            "Set `logging_steps`, or a strategy for it."
        )
