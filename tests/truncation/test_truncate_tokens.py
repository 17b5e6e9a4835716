"""`truncate_tokens`: what is kept, in every family of tokenizers, beside what the tokenizer itself would keep."""

import logging
from concurrent.futures import ThreadPoolExecutor
from copy import deepcopy

import pytest
from datasets import Dataset
from datasets.fingerprint import Hasher
from hypothesis import example, given, settings
from hypothesis import strategies as st
from tokenizers import processors

from hf_tutorial import truncate_tokens, truncation_report
from hf_tutorial.truncation.settings import KEEPS
from tests import odd_texts
from tests.tokens.tiny_tokenizers import FAMILIES, HOSTILE, gpt2, word_piece


def roberta():
    """RoBERTa's kind: bytes, between special tokens; spans leave out the space before a word."""
    tokenizer = gpt2()
    end = ("<|end|>", tokenizer.convert_tokens_to_ids("<|end|>"))
    tokenizer.backend_tokenizer.post_processor = processors.RobertaProcessing(end, end)
    return tokenizer


def xlnet():
    """XLNet's kind: both special tokens at the end, with types of their own."""
    tokenizer = word_piece()
    tokenizer.backend_tokenizer.post_processor = processors.TemplateProcessing(
        single="$A [SEP] [CLS]:2", special_tokens=[("[CLS]", 2), ("[SEP]", 3)]
    )
    tokenizer.model_input_names = ["input_ids", "token_type_ids", "attention_mask"]
    return tokenizer


TOKENIZERS = {**FAMILIES, "RoBERTa": roberta(), "XLNet": xlnet()}
FAST = [name for name, tokenizer in TOKENIZERS.items() if tokenizer.is_fast]
PIECES = ["hello", " ", "wor", "🤗", "é", "[MASK]", "<|end|>", "</s>", "ﬁ", "\u0301", "\n", "اب", "<b>", "x" * 50]
TEXTS = odd_texts.TEXTS | st.lists(st.sampled_from(PIECES), max_size=15).map("".join) | st.sampled_from(HOSTILE)
each_family = pytest.mark.parametrize("family", TOKENIZERS)


def own(tokenizer, text, side, **call):
    """Return what the tokenizer itself makes of `text`, on a copy of it."""
    tokenizer = deepcopy(tokenizer)
    tokenizer.truncation_side = side
    return dict(tokenizer(text, verbose=False, **call))


def state(tokenizer):
    """Return everything about a tokenizer that a call could change."""
    rust = getattr(tokenizer, "backend_tokenizer", None)
    return rust and rust.to_str(), dict(tokenizer.deprecation_warnings), tokenizer.truncation_side


@each_family
@given(text=TEXTS, n=st.integers(3, 12))
@settings(max_examples=25, deadline=None)
def test_head_and_tail_are_the_tokenizers_own(family, text, n):
    tokenizer = TOKENIZERS[family]
    before = state(tokenizer)
    for keep, side in (("head", "right"), ("tail", "left")):
        kept = truncate_tokens(tokenizer, n, keep)({"text": text})
        assert kept == own(tokenizer, text, side, truncation=True, max_length=n)
        assert len(kept["input_ids"]) <= n
    assert state(tokenizer) == before


@each_family
@given(text=TEXTS, n=st.integers(3, 12))
@example(text="00</s>", n=3)
@settings(max_examples=25, deadline=None)
def test_both_ends_share_the_room_between_the_special_tokens(family, text, n):
    tokenizer = TOKENIZERS[family]
    inside = own(tokenizer, text, "right", add_special_tokens=False)["input_ids"]
    room = n - tokenizer.num_special_tokens_to_add()
    whole = own(tokenizer, text, "right", return_special_tokens_mask=True)
    first, whole = whole["special_tokens_mask"].index(0) if inside else 0, whole["input_ids"]
    kept = truncate_tokens(tokenizer, n, "both")({"text": text})
    if len(inside) <= room:
        assert kept == own(tokenizer, text, "right")
        return
    start, stop = first + (room + 1) // 2, first + len(inside) - room // 2
    assert kept["input_ids"] == whole[:start] + whole[stop:]
    # ByT5 puts no </s> behind a text that ends with one.
    added = len(whole) - len(inside)
    assert {len(values) for values in kept.values()} == {room + added}


@pytest.mark.parametrize("family", FAST)
@given(text=TEXTS, n=st.integers(3, 12), keep=st.sampled_from(KEEPS))
@settings(max_examples=25, deadline=None)
def test_offsets_lead_from_the_ids_to_the_text(family, text, n, keep):
    tokenizer = TOKENIZERS[family]
    kept = truncate_tokens(tokenizer, n, keep, offsets=True)({"text": text})
    asked = {"return_offsets_mapping": True, "return_special_tokens_mask": True}
    whole = own(tokenizer, text, "right", **asked)
    special = [span for span, mark in zip(whole["offset_mapping"], whole["special_tokens_mask"], strict=True) if mark]
    assert set(special) <= {(0, 0)}
    spans = list(zip(kept["input_ids"], kept["offset_mapping"], strict=True))
    all_spans = list(zip(whole["input_ids"], whole["offset_mapping"], strict=True))
    remaining = iter(all_spans)
    assert all(span in remaining for span in spans), "the kept ids stand in order, each with its own span"
    assert kept["offset_mapping"].count((0, 0)) >= len(special)


@each_family
@given(texts=st.lists(TEXTS, max_size=4), keep=st.sampled_from(KEEPS))
@settings(max_examples=15, deadline=None)
def test_a_batch_is_its_rows(family, texts, keep):
    truncate = truncate_tokens(TOKENIZERS[family], 5, keep, column="review")
    rows = [truncate({"review": text, "label": 0}, 7) for text in texts]
    names = truncate({"review": ""})
    assert truncate({"review": texts}) == {name: [row[name] for row in rows] for name in names}


@each_family
@pytest.mark.parametrize("batched", [False, True])
def test_a_dataset_is_mapped(family, batched):
    reviews = Dataset.from_dict({"text": ["hello world hello world", "", "w"], "label": [0, 1, 1]})
    tokenizer = TOKENIZERS[family]
    cut = reviews.map(truncate_tokens(tokenizer, 4), batched=batched, remove_columns="text")
    expected = [own(tokenizer, text, "right", truncation=True, max_length=4)["input_ids"] for text in reviews["text"]]
    assert cut["input_ids"][:] == expected
    assert set(cut.column_names) == {"label", *own(tokenizer, "", "right")}


@pytest.mark.parametrize("family", FAST)
def test_what_a_tokenizer_was_set_to_stays_set(family):
    tokenizer = deepcopy(TOKENIZERS[family])
    tokenizer.backend_tokenizer.enable_truncation(4, stride=1, strategy="only_first", direction="left")
    tokenizer.backend_tokenizer.enable_padding(length=9, pad_id=1, pad_token="x", direction="left")
    before = state(tokenizer)
    truncate = truncate_tokens(tokenizer, 6, "both")
    assert truncate({"text": "hello world " * 3}) == truncate_tokens(TOKENIZERS[family], 6, "both")(
        {"text": "hello world " * 3}
    )
    assert state(tokenizer) == before


@each_family
def test_a_text_that_is_too_long_for_the_model_is_cut_without_a_warning(family):
    text = "hello world " * 5
    tokenizer = deepcopy(TOKENIZERS[family])
    tokenizer.model_max_length = 4
    # A tokenizer warns once, and so does each copy of one that has not warned yet.
    tokenizer.deprecation_warnings.clear()
    warned, told = deepcopy(tokenizer), []
    handler = logging.Handler()
    handler.emit = told.append
    # The library's own remove_handler refuses every handler in some versions.
    logging.getLogger("transformers").addHandler(handler)
    try:
        warned(text)
        assert len(told) == 1, "the tokenizer itself does warn"
        for n in (4, 9):
            truncate_tokens(tokenizer, n)({"text": text})
            truncation_report([text], tokenizer, n)
    finally:
        logging.getLogger("transformers").removeHandler(handler)
    assert len(told) == 1


def test_several_threads_cut_each_in_its_own_way():
    tokenizer = word_piece()
    text = "hello world " * 50

    def kept(n):
        truncate = truncate_tokens(tokenizer, n)
        ours = {len(truncate({"text": text})["input_ids"]) for _ in range(20)}
        return ours | {len(tokenizer(text)["input_ids"])}

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(kept, range(10, 42))) == [{n, 102} for n in range(10, 42)]


def test_what_a_tokenizer_learns_later_changes_nothing():
    tokenizer = word_piece()
    truncate = truncate_tokens(tokenizer, 8)
    before = truncate({"text": "hello zzz"})
    tokenizer.add_tokens(["zzz"])
    assert truncate({"text": "hello zzz"}) == before


def test_the_same_settings_are_computed_once():
    tokenizer, other = word_piece(), gpt2()
    settings = [(tokenizer, 5, "head"), (tokenizer, 6, "head"), (tokenizer, 5, "tail"), (other, 5, "head")]
    hashes = [Hasher.hash(truncate_tokens(*chosen)) for chosen in settings]
    assert len(set(hashes)) == len(settings)
    tokenizer("hello " * 100, truncation=True, padding="max_length", max_length=9)
    assert Hasher.hash(truncate_tokens(tokenizer, 5, "head")) == hashes[0]
    assert Hasher.hash(truncate_tokens(tokenizer, 5, "head", offsets=True)) != hashes[0]


def test_several_processes_share_the_work(tmp_path):
    reviews = Dataset.from_dict({"text": ["hello world"] * 4})
    cut = reviews.map(truncate_tokens(word_piece(), 3), num_proc=2)
    assert cut["input_ids"][:] == [[2, 5, 3]] * 4
