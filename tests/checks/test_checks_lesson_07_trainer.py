import pytest
import small_models
from datasets import Dataset
from transformers import DataCollatorWithPadding, Trainer, TrainingArguments

from hf_tutorial import check

RECIPE = {
    "num_train_epochs": 3,
    "per_device_train_batch_size": 16,
    "per_device_eval_batch_size": 16,
    "eval_strategy": "epoch",
    "save_strategy": "epoch",
    "logging_strategy": "epoch",
    "learning_rate": 2e-5,
    "warmup_steps": 0.1,
    "load_best_model_at_end": True,
    "seed": 224,
    "report_to": "none",
}


@pytest.fixture
def trainer(tmp_path):
    tokenizer = small_models.tokenizer()
    rows = Dataset.from_list([tokenizer("a film " * (1 + n % 3)).data | {"label": n % 2} for n in range(64)])

    def make(changes=None, **more):
        args = TrainingArguments(str(tmp_path), **RECIPE | (changes or {}))
        data = {"train_dataset": rows, "eval_dataset": rows, "processing_class": tokenizer} | more
        return Trainer(small_models.classifier(), args, **data)

    return make


def check_trainer(answer):
    return check("07.2", answer, tokenizer=small_models.tokenizer())


@pytest.mark.parametrize(
    "changes",
    [{}, {"logging_strategy": "steps", "logging_steps": 4}, {"logging_strategy": "steps", "logging_steps": 1}],
)
def test_right_trainer(trainer, changes):
    assert check_trainer(trainer(changes)).outcome == "right"


@pytest.mark.parametrize(
    ("changes", "diagnosis"),
    [
        ({"eval_strategy": "no", "load_best_model_at_end": False}, "Nothing is ever evaluated"),
        ({"eval_strategy": "steps", "eval_steps": 4, "load_best_model_at_end": False}, "`eval_strategy='steps'`"),
        ({"save_strategy": "steps", "load_best_model_at_end": False}, "`save_strategy='steps'`"),
        ({"load_best_model_at_end": False}, "the last weights"),
        ({"warmup_steps": 0}, "The warm-up is lost"),
        ({"warmup_steps": 10}, "not for 10 % of them"),
        ({"warmup_steps": 3}, "`warmup_steps=3`"),
        ({"logging_strategy": "steps"}, "“No log”: an epoch has 4 steps, and the training loss is reported every 500"),
        ({"logging_strategy": "no"}, "never a training loss"),
        ({"learning_rate": 5e-5}, "Mend only what is broken"),
        ({"seed": 42}, "`seed=224`"),
    ],
)
def test_wrong_arguments(trainer, changes, diagnosis):
    verdict = check_trainer(trainer(changes))
    assert verdict.outcome == "wrong"
    assert diagnosis in verdict.message


def test_without_the_tokenizer_nothing_is_padded(trainer):
    assert (
        "not padded: two texts of different length raise a ValueError"
        in check_trainer(trainer(processing_class=None)).message
    )


def test_a_collator_alone_does_not_save_the_tokenizer(trainer):
    collator = DataCollatorWithPadding(small_models.tokenizer())
    assert (
        "no checkpoint would hold it" in check_trainer(trainer(processing_class=None, data_collator=collator)).message
    )


def test_other_answers(trainer):
    assert "Hand over the `Trainer`" in check_trainer(trainer().args).message
    assert "the class itself" in check_trainer(Trainer).message
    assert "got 'trainer'" in check_trainer("trainer").message
    assert "no `train_dataset`" in check_trainer(trainer(train_dataset=None)).message
