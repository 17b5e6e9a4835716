"""Teach SmolLM2 to turn a request into JSON: the adapter `hf-tutorial/appointments` of lesson 13.

    python -m training.appointments

Trains a LoRA adapter on requests that `hf_tutorial.sources.appointments` writes, with the loss on the answers alone. Two
processes of one thread share each batch; about half an hour on two cores. Then it judges the result on requests with
names, wordings and times that were not trained on, beside the model without the adapter and with three examples in its
prompt, looks at what the adapter did to other texts, and writes the weights and their figures.
"""

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
import torch.distributed as dist
from peft import LoraConfig, get_peft_model
from transformers import AutoModelForCausalLM, AutoTokenizer

from hf_tutorial import hub_or_local
from hf_tutorial.sources.appointments import Appointment, draw_appointments
from training.appointment_figures import evaluate
from training.common import Clock, batches_of_like_length, collate, padded, provenance, save_adapter, write_json
from training.parallel import is_first, run_processes, say, take_steps

WEIGHTS = Path(__file__).parent.parent / "hf_tutorial" / "sources" / "weights" / "appointments"
BASE = "HuggingFaceTB/SmolLM2-135M-Instruct"
IGNORED = -100
SEED = 1111


@dataclass(frozen=True)
class Recipe:
    """Everything that decides the weights. `rank` is in dimensions, `examples` are requests with their answers."""

    examples: int = 1600
    rank: int = 3
    alpha: int = 12
    targets: str = "all-linear"
    batch_size: int = 8
    learning_rate: float = 2e-3
    warmup_share: float = 0.05
    weight_decay: float = 0.0
    processes: int = 2
    seed: int = SEED


@dataclass(frozen=True)
class Example:
    """A conversation as ids, and a label for each: -100 where the prompt is."""

    ids: list[int]
    labels: list[int]


def encode(tokenizer, appointment: Appointment) -> Example:
    """Return the conversation in the chat template's form, with labels on the answer and its closing token."""
    prompt = tokenizer.apply_chat_template(appointment.messages[:-1], add_generation_prompt=True, return_dict=True)[
        "input_ids"
    ]
    answer = [*tokenizer.encode(appointment.answer, add_special_tokens=False), tokenizer.eos_token_id]
    return Example(prompt + answer, [IGNORED] * len(prompt) + answer)


def batch_of(examples: Sequence[Example], pad: int) -> dict[str, torch.Tensor]:
    """Return `input_ids`, `attention_mask` and `labels`, each (examples, longest), padded on the right."""
    inputs = collate([example.ids for example in examples], pad)
    return inputs | {"labels": padded([example.labels for example in examples], IGNORED)}


def load_base():
    """Return SmolLM2 in single precision, which is the fastest on a CPU."""
    return AutoModelForCausalLM.from_pretrained(hub_or_local(BASE), dtype=torch.float32).eval()


def with_adapter(model, recipe: Recipe):
    """Return `model` with new LoRA matrices on every linear layer but the last; they alone are trained."""
    config = LoraConfig(task_type="CAUSAL_LM", r=recipe.rank, lora_alpha=recipe.alpha, target_modules=recipe.targets)
    adapted = get_peft_model(model, config)
    adapted.peft_config["default"].base_model_name_or_path = BASE  # not the folder that this machine has it in
    return adapted


def train(model, tokenizer, appointments: Sequence[Appointment], recipe: Recipe) -> list[dict[str, float]]:
    """Train `model` in place, each process on its share of every batch; return the mean loss of every 10 steps."""
    examples = [encode(tokenizer, appointment) for appointment in appointments]
    lengths = [len(example.ids) for example in examples]
    batches = list(batches_of_like_length(lengths, recipe.batch_size, recipe.seed))

    def loss_of(parallel, rows: Sequence[int]) -> torch.Tensor:
        return parallel(**batch_of([examples[row] for row in rows], tokenizer.pad_token_id)).loss

    return take_steps(model, batches, loss_of, recipe, every=10)


def work(recipe: Recipe, arguments: argparse.Namespace) -> None:
    """Do the whole run, as one of several processes; the first of them writes."""
    clock, run = Clock(), provenance()
    say(run)
    say(recipe)
    tokenizer = AutoTokenizer.from_pretrained(hub_or_local(BASE))
    appointments = draw_appointments("train", arguments.trial or recipe.examples, recipe.seed)
    model = with_adapter(load_base(), recipe)
    history = train(model, tokenizer, appointments, recipe)
    training = {"examples": len(appointments), **clock.read(), "loss": history}
    if is_first():
        save_adapter(model.half(), arguments.out)
    dist.barrier()  # what is judged is what was saved
    figures = evaluate(arguments.out, load_base, tokenizer, arguments.judged, arguments.texts)
    if is_first():
        write_json(
            arguments.out / "figures.json",
            {"run": run, "recipe": vars(recipe), "training": training, **figures},
        )
    say(f"done in {clock.read()['wall_seconds']} s")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, default=WEIGHTS, help="folder for weights and figures")
    parser.add_argument(
        "--judged", type=int, default=200, metavar="REQUESTS", help="how many held-out requests to judge"
    )
    parser.add_argument("--texts", type=int, default=100, metavar="REVIEWS", help="how many reviews for perplexity")
    parser.add_argument("--trial", type=int, metavar="EXAMPLES", help="train on only so many requests")
    arguments = parser.parse_args()
    recipe = Recipe()
    run_processes(work, recipe.processes, recipe.seed, recipe, arguments)


if __name__ == "__main__":
    main()
