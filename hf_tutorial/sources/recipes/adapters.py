"""LoRA adapters of ours, merged into the models that they were trained on."""

from pathlib import Path

from hf_tutorial.errors import MissingExtraError


def merge_adapter(model, weights: Path, needed_by: str):
    """Return `model` with the adapter in the folder `weights` merged into it, in eval mode.

    `needed_by` begins the message of the error that tells a learner to install peft.
    """
    try:
        from peft import PeftModel
    except ImportError as error:
        raise MissingExtraError(
            f"{needed_by} needs the package peft: pip install peft (in a notebook: %pip install peft)"
        ) from error
    return PeftModel.from_pretrained(model, weights).merge_and_unload().eval()
