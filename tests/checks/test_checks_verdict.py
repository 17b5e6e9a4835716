"""What holds for every check: it never raises, prints nothing, and its verdict is safe to show."""

import subprocess
import sys

import pytest
import small_chat
import small_masked
import small_models
import small_translator
import torch
from datasets import Dataset
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from torch.utils.data import DataLoader
from transformers import LlamaConfig, TrainingArguments

from hf_tutorial import check
from hf_tutorial.attention import attention_from_outputs
from hf_tutorial.checks import Verdict
from hf_tutorial.checks.registry import all_exercises

NAMES = (
    *("00.1", "00.2", "00.3", "00.4"),
    *("01.1", "01.2", "01.3", "01.4", "01.5", "01.6a", "01.6b"),
    *("02.1", "02.2", "02.3", "02.4", "02.5"),
    *("03.1", "03.2", "03.3", "03.4", "03.5"),
    *("04.1", "04.2", "04.3", "04.4", "04.5", "04.6"),
    *("05.1", "05.2", "05.3", "05.4", "05.5"),
    *("06.1", "06.2", "06.3", "06.4", "06.5"),
    *("07.1", "07.2", "07.3", "07.4", "07.5"),
    *("08.1", "08.2", "08.3", "08.4", "08.5"),
    *("09.1", "09.2", "09.3", "09.4", "09.5a", "09.5b"),
    *("10.1", "10.2", "10.3", "10.4", "10.5"),
    *("11.1", "11.2", "11.3", "11.4", "11.5", "11.6"),
    *("12.1", "12.2", "12.3", "12.4", "12.5"),
    *("13.1", "13.2", "13.3", "13.4", "13.5a", "13.5b"),
    *("14.1", "14.2", "14.3", "14.4", "14.5"),
    *("15.1", "15.2", "15.3", "15.4", "15.5"),
)


def context(name):
    """Return what the exercise's own cell hands over."""
    masked = name.startswith("11.")
    tokenizer = small_masked.tokenizer() if masked else small_models.tokenizer()
    model = (
        small_models.body()
        if name in ("01.3", "08.2")
        else small_masked.model()
        if masked
        else small_models.classifier()
    )
    everything = {
        "model": model,
        "tokenizer": tokenizer,
        "text": "Such a [MASK] film.",
        "texts": ["tokenizers", ""],
        "vocab_size": 300,
        "tokenizers": dict.fromkeys(("WordPiece", "byte-level BPE", "Unigram"), tokenizer),
        "samples": {"plain": "a film"},
        "config": model.config,
        "logits": torch.tensor([[0.5, -0.5]] * 3),
        "encoding": {"input_ids": torch.ones(3, 4, dtype=torch.long)},
        "calls": {"AutoModel": {}, "AutoModelForSeq2SeqLM": {}},
        "checkpoint": "nowhere",
        "labels": ["bad", "good"],
        "new_weights": ["classifier.weight"],
        "attention": attention_from_outputs(torch.full((2, 3, 4, 4), 0.25), ["a", "dull", "a", "film"]),
        "data": Dataset.from_dict({"text": ["a film", "dull", "a"], "label": [0, 1, 0]}),
        "describe": lambda rows: {"size": [len(rows["text"])] * len(rows["text"]), "text": rows["text"]},
        "args": TrainingArguments("nowhere", logging_steps=10, report_to="none"),
        "rows": 100,
        "devices": 2,
        "log": [{"epoch": 1.0, "step": 8, "eval_loss": 0.6, "eval_accuracy": 0.7}],
        "loader": DataLoader(range(10), batch_size=4),
        "epochs": 2,
        "peak": 1e-3,
        "long_only": lambda rows: {"text": rows["text"][:1]},
        "runs": {"A": {"reviews": 9, "processes": 2, "batch_size": 2, "split_batches": False, "pieces": 1}},
        "tokens": ["sun", "sea"],
        "snippets": {"A": "1 + None", "B": "[][0]"},
        "restore": lambda packed, scale, shape: packed,
    }
    if name.startswith("09."):
        everything["logits"] = torch.tensor([1.0, 2.0])
    if name.startswith("10."):
        everything |= {
            "model": small_translator.model(),
            "tokenizer": small_translator.tokenizer(),
            "labels": [[5, 6, 1], [7, 1, -100]],
            "attention": small_translator.attention(),
        }
    if name.startswith("13."):
        config = LlamaConfig(
            hidden_size=8, intermediate_size=8, num_hidden_layers=1, num_attention_heads=2, vocab_size=9
        )
        everything |= {
            "tokenizer": small_chat.tokenizer(),
            "messages": small_chat.messages(),
            "config": config,
        }
    taken = all_exercises()[name].run.__code__
    return {key: everything[key] for key in taken.co_varnames[1 : taken.co_argcount]}


class RaisingError(Exception):
    def __str__(self):
        raise RuntimeError


class Hostile:
    """Whatever one asks it, it raises."""

    def _refuse(self, *arguments):
        raise RuntimeError("no")

    __eq__ = __repr__ = __str__ = __len__ = __iter__ = __bool__ = __getitem__ = __contains__ = __float__ = _refuse
    __getattr__ = __format__ = __hash__ = _refuse


class HostileList(list):
    __len__ = __iter__ = __repr__ = __eq__ = Hostile._refuse


class Panic(BaseException):
    pass


def raising(error):
    def function(*arguments):
        raise error

    return function


def endless(*arguments):
    return endless(*arguments)


ITSELF = []
ITSELF.append(ITSELF)

HOSTILE = [
    Hostile(),
    Hostile,
    [Hostile()],
    (Hostile(), Hostile()),
    HostileList([1, 2]),
    {"WordPiece": Hostile(), "byte-level BPE": Hostile(), "Unigram": Hostile()},
    ITSELF,
    torch.zeros(3, 2),
    torch.zeros(0),
    float("nan"),
    (float("inf"), 2),
    [float("nan")] * 5,
    "\ud800\x00</script>",
    10**400,
    [10**5000, 2],
    raising(RaisingError()),
    raising(SystemExit(1)),
    raising(Panic("at the disco")),
    endless,
    lambda *arguments: Hostile(),
    lambda *arguments: [Hostile()] * 3,
    lambda *arguments: [("POSITIVE", float("nan"))] * 3,
    lambda *arguments: torch.zeros(3, 2),
    lambda *arguments: torch.full((3, 16), float("nan")),
    lambda *arguments: [(None, [None])],
    lambda *arguments: arguments[0].clear(),
    lambda *arguments: (number for number in range(3)),
    int,
    print,
]


def assert_fair(verdict, capsys=None):
    assert verdict.outcome in ("wrong", "not done yet")
    assert len(repr(verdict).splitlines()) <= 2
    assert verdict.message
    verdict._repr_html_().encode()


@pytest.mark.parametrize("name", NAMES)
def test_no_answer_makes_a_check_raise(name, capsys):
    for answer in HOSTILE:
        assert_fair(check(name, answer, **context(name)))
    assert capsys.readouterr() == ("", "")


@pytest.mark.parametrize("name", NAMES)
def test_no_context_makes_a_check_raise(name):
    given_ = context(name)
    for value in HOSTILE:
        assert_fair(check(name, "an answer", **dict.fromkeys(given_, value)))


ANYTHING = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text()
    | st.binary()
    | st.just(...)
    | st.builds(object),
    lambda parts: (
        st.lists(parts, max_size=4)
        | st.tuples(parts, parts)
        | st.dictionaries(st.text(max_size=3), parts, max_size=3)
        | parts.map(lambda value: lambda *arguments: value)
    ),
    max_leaves=8,
)


@pytest.mark.parametrize("name", NAMES)
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(answer=ANYTHING)
def test_any_object_gets_a_verdict(name, answer):
    verdict = check(name, answer, **context(name))
    assert len(repr(verdict).splitlines()) <= 2
    verdict._repr_html_().encode()


@settings(max_examples=60, deadline=None)
@given(name=ANYTHING, answer=ANYTHING)
def test_any_name_gets_a_verdict(name, answer):
    assert_fair(check(name, answer))


def test_an_unknown_exercise_lists_those_there_are():
    verdict = check("00.9", 1)
    assert verdict.outcome == "not done yet"
    assert verdict.message.endswith(f"There are: {', '.join(NAMES)}.")


def test_an_exercise_of_an_assignment_is_checked_after_handing_in():
    verdict = check("A1.1", 1)
    assert verdict.outcome == "not done yet"
    assert "it is checked after you have handed it in" in verdict.message


def not_begun(text):
    """Say what it does."""
    ...


def half_begun(text):
    return [...]


def refused(text):
    raise NotImplementedError


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(
    "answer",
    [..., None, [1, ...], {"a": [..., 2]}, not_begun, lambda text: ...],
    ids=["dots", "nothing", "list", "dict", "stub", "lambda"],
)
def test_what_is_not_there_is_not_done_yet(name, answer):
    assert check(name, answer, **context(name)).outcome == "not done yet"


@pytest.mark.parametrize("function", [half_begun, refused])
def test_a_function_that_says_so_is_not_done_yet(function):
    assert check("01.4", function, **context("01.4")).outcome == "not done yet"


def test_a_forgotten_return_is_not_a_stub():
    def forgetful(text):
        text.split()

    verdict = check("01.4", forgetful, **context("01.4"))
    assert (verdict.outcome, "should `return`" in verdict.message) == ("wrong", True)


def test_a_call_without_its_context_is_shown():
    message = check("00.3", print, model=1).message
    assert message == 'Call the check as `check("00.3", answer, model=model, tokenizer=tokenizer)`.'


def test_what_a_function_prints_or_changes_stays_unseen(capsys):
    def noisy(texts):
        print("hello")
        texts.clear()
        return []

    verdict = check("00.3", noisy, **context("00.3"))
    assert "1 text, but got 0." in verdict.message
    assert capsys.readouterr() == ("", "")


@pytest.mark.parametrize(
    ("error", "said"), [(Panic("at the disco"), "Panic: at the disco"), (SystemExit(1), "SystemExit: 1")]
)
def test_whatever_a_function_raises_is_said(error, said):
    assert f"raises {said}" in check("01.4", raising(error), **context("01.4")).message


def test_an_answer_that_trips_the_check_is_told_what_is_expected():
    class Tripping(list):
        def __iter__(self):
            raise Panic

    message = check("00.1", Tripping(), **context("00.1")).message
    assert message.startswith("The answer should be a tuple of whole numbers, such as `(5, 7)`, and is a Tripping.")
    assert message.endswith("(Panic).")


def test_interrupting_still_works():
    with pytest.raises(KeyboardInterrupt):
        check("01.4", raising(KeyboardInterrupt()), **context("01.4"))


def test_text_says_first_how_it_stands():
    assert repr(Verdict("00.1", "right", "Well done.")) == "Exercise 00.1 · Right\nWell done."


def test_html_is_escaped_and_marks_code():
    html = Verdict("<b>", "wrong", 'Not `padding="x"`, but <script>alert(1)</script> & co.')._repr_html_()
    assert "<strong>Exercise &lt;b&gt; · Wrong</strong><br>" in html
    assert "<code>padding=&quot;x&quot;</code>, but &lt;script&gt;alert(1)&lt;/script&gt; &amp; co.</div>" in html


def test_what_a_student_wrote_is_escaped():
    html = check("00.1", "<img src=x onerror=alert(1)>", **context("00.1"))._repr_html_()
    assert "<img" not in html
    assert "&lt;img src=x" in html


def test_outcomes_differ_without_colour():
    shown = [Verdict("1", outcome, "")._repr_html_() for outcome in ("right", "wrong", "not done yet")]
    assert [word in html for word, html in zip(("Right", "Wrong", "Not done yet"), shown, strict=True)] == [True] * 3
    assert [line in html for line, html in zip(("solid", "dashed", "dotted"), shown, strict=True)] == [True] * 3


def test_checks_import_neither_torch_nor_transformers():
    program = (
        "import sys; from hf_tutorial.checks.registry import all_exercises; all_exercises();"
        "sys.exit(any(name in sys.modules for name in ('torch', 'transformers', 'tokenizers', 'numpy')))"
    )
    assert subprocess.run([sys.executable, "-c", program]).returncode == 0
