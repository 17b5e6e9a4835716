"""What holds for any text and every family of tokenizers."""

import re
from importlib.resources import files

import pytest
from html_reading import Reading
from hypothesis import given, settings
from hypothesis import strategies as st
from tiny_tokenizers import FAMILIES

from hf_tutorial.errors import InputError
from hf_tutorial.tokens import compare_tokenizers, inspect_tokens
from hf_tutorial.tokens.alignment import cells_of
from hf_tutorial.tokens.spans import untouched
from hf_tutorial.tokens.visible import visible
from tests.odd_texts import TEXTS

STYLE = re.compile(r"grid-area: \d+ / \d+( / \d+ / \d+)?|--hft-margin: [\d.]+em")


def state(tokenizer):
    """Return everything about a tokenizer that a call could change."""
    rust = getattr(tokenizer, "backend_tokenizer", None)
    settings = rust and (rust.to_str(), rust.truncation, rust.padding, rust.encode_special_tokens)
    return settings, dict(tokenizer.deprecation_warnings), tokenizer.padding_side, tokenizer.truncation_side


def looked_at(shown):
    """Return text and HTML of `shown`, after checking what holds for all of it."""
    text, html = repr(shown), shown._repr_html_()
    assert visible(text.replace("\n", ""), spaces=False).replace("\\\\", "\\") == text.replace("\n", "")
    assert html == shown._repr_html_()
    assert all(STYLE.fullmatch(style) for style in Reading(html).styles)
    return text, html


@given(text=TEXTS, pair=st.none() | TEXTS)
@settings(max_examples=20, deadline=None)
@pytest.mark.parametrize("family", FAMILIES)
def test_one_text(family, text, pair):
    tokenizer = FAMILIES[family]
    before = state(tokenizer)
    shown = inspect_tokens(tokenizer, text, pair)
    looked_at(shown)
    assert state(tokenizer) == before
    ids = (tokenizer(text, pair) if pair is not None else tokenizer(text))["input_ids"]
    assert shown.to_pandas()["id"].tolist() == ids
    for token in shown.tokens:
        if token.span is not None:
            assert token.source == (text, pair)[token.sequence][slice(*token.span)]


@given(batch=st.lists(TEXTS, min_size=1, max_size=4), length=st.integers(4, 12))
@settings(max_examples=15, deadline=None)
@pytest.mark.parametrize("family", FAMILIES)
def test_a_batch_cut_and_padded(family, batch, length):
    tokenizer = FAMILIES[family]
    call = {"padding": "max_length", "truncation": True, "max_length": length}
    with untouched(tokenizer):
        expected = tokenizer(batch, **call)["input_ids"]
    before = state(tokenizer)
    shown = inspect_tokens(tokenizer, batch, **call)
    looked_at(shown)
    looked_at(shown[-1])
    assert state(tokenizer) == before
    frame = shown.to_pandas()
    assert [group["id"].tolist() for _, group in frame.groupby("row")] == expected


@given(text=TEXTS)
@settings(max_examples=40, deadline=None)
def test_a_comparison(text):
    shown = compare_tokenizers(FAMILIES, text)
    looked_at(shown)
    ids = [id for tokenizer in FAMILIES.values() for id in tokenizer(text)["input_ids"]]
    assert shown.to_pandas()["id"].tolist() == ids
    for line in shown.lines:
        for cell, following in zip(line.cells, line.cells[1:], strict=False):
            assert cell.start < cell.end <= following.start
        if line.cells:
            assert sum(len(cell.tokens) for cell in line.cells) == line.count.tokens


@given(text=TEXTS)
@settings(max_examples=40, deadline=None)
@pytest.mark.parametrize("family", [name for name, tokenizer in FAMILIES.items() if tokenizer.is_fast])
def test_spans_are_those_of_the_tokenizer_and_cells_lie_on_them(family, text):
    tokenizer = FAMILIES[family]
    encoding = tokenizer(text, return_offsets_mapping=True, return_special_tokens_mask=True)
    row = inspect_tokens(tokenizer, text).rows[0]
    told = zip(encoding["offset_mapping"], encoding["special_tokens_mask"], strict=True)
    assert [token.span for token in row.tokens] == [None if special else tuple(span) for span, special in told]
    cells = cells_of(tokenizer, row, text)
    placed = sorted(token.index for cell in cells for token in cell.tokens)
    assert placed == [token.index for token in row.tokens if not token.inserted] or not cells
    for cell in cells:
        assert 0 <= cell.start < cell.end <= len(text)
        for token in cell.tokens:
            start, end = token.span
            assert start == end or cell.start <= start < end <= cell.end


@pytest.mark.parametrize("code", [0xD83E, 0xDD17])
def test_half_of_a_character_is_named_and_cured(tokenizer, code):
    half = chr(code)
    said = rf"holds half of a character \(U\+{code:04X}\) at 2, which no tokenizer takes\. Read the file with"
    for act in (
        lambda: inspect_tokens(tokenizer, f"ab{half}c"),
        lambda: inspect_tokens(tokenizer, "ok", f"ab{half}"),
        lambda: inspect_tokens(tokenizer, ["ok", f"ab{half}"]),
        lambda: inspect_tokens(tokenizer, ["ab", half], is_split_into_words=True),
        lambda: compare_tokenizers({"one": tokenizer}, f"ab{half}"),
    ):
        with pytest.raises(InputError, match=said):
            act()


def test_hostile_texts(tokenizer, hostile):
    for shown in (
        inspect_tokens(tokenizer, hostile),
        inspect_tokens(tokenizer, [hostile, "hello"], [hostile, hostile]),
    ):
        looked_at(shown)
    looked_at(compare_tokenizers({hostile: tokenizer, "other": tokenizer}, hostile))


def test_the_three_forms_say_the_same(tokenizer, hostile):
    shown = inspect_tokens(tokenizer, hostile)
    text, html = looked_at(shown)
    read = Reading(html)
    for record in shown.to_pandas().to_dict("records"):
        line = next(line for line in text.splitlines() if re.match(rf" *{record['index']} +{record['id']} ", line))
        for said in (visible(record["piece"]), visible(record["note"], spaces=False)):
            assert said in line
            assert " ".join(said.split()) in read.text or said in "".join(read.texts)


def test_settings_made_before_are_there_afterwards(tokenizer):
    if not tokenizer.is_fast:
        pytest.skip("a Python tokenizer keeps no such settings")
    rust = tokenizer.backend_tokenizer
    with untouched(tokenizer):
        rust.enable_truncation(7, stride=1, strategy="only_first", direction="left")
        rust.enable_padding(length=9, pad_id=1, pad_token="x", direction="left")
        rust.encode_special_tokens = True
        before = state(tokenizer)
        inspect_tokens(tokenizer, ["hello", "w"], padding=True, truncation=True, max_length=5)
        assert state(tokenizer) == before
        with pytest.raises(Exception, match="could not encode"):
            inspect_tokens(tokenizer, "hello", truncation=True, max_length=5, stride=50, return_overflowing_tokens=True)
        assert state(tokenizer) == before


@pytest.mark.parametrize("line", ["hello world <b> 🤗 " * 560, "🤗" * 1_000])
def test_a_line_of_thousands_of_characters_stays_readable(tokenizer, line):
    shown = inspect_tokens(tokenizer, line)
    text, html = looked_at(shown)
    assert len(html.encode()) < 1_500_000
    assert len(text) < 40_000
    count = len(tokenizer(line)["input_ids"])
    assert len(shown.to_pandas()) == count
    if count > 200:
        for form in (text, html):
            assert f"and {count - 200:,} more tokens: to_pandas() has them all" in form
    compared = compare_tokenizers({"one": tokenizer, "two": tokenizer}, line)
    text, html = looked_at(compared)
    assert len(html.encode()) < 1_500_000
    assert f"goes on for {len(line) - 600:,} more characters" in text
    assert f"goes on for {len(line) - 600:,} more characters" in html


def test_the_style_asks_nothing_of_the_network():
    css = files("hf_tutorial.tokens").joinpath("tokens.css").read_text(encoding="utf-8")
    assert not re.search(r"@import|url\(|//", css)
    selectors = re.findall(r"([^{}]+)\{", re.sub(r"/\*.*?\*/|@media[^{]*\{", "", css, flags=re.S))
    assert selectors
    assert all(part.strip().startswith(".hft-tokens") for line in selectors for part in line.split(","))
