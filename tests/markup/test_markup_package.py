"""Everything else in the package that writes HTML: whatever a text holds, it comes back as text."""

import html
import json
import re

import numpy as np
from hypothesis import example, given, settings
from hypothesis import strategies as st

from hf_tutorial import truncation_report
from hf_tutorial.attention import Attention, Label, explore_attention
from hf_tutorial.attention.labels import plain_labels
from hf_tutorial.checks import Verdict
from hf_tutorial.page import escape, page
from tests.markup.reading import EXPLORER, PAGE, as_shown, read
from tests.odd_texts import MANY, MARKUP, TEXTS
from tests.tokens.tiny_tokenizers import word_piece

# Also with halves of pairs of letters, which a student's string may hold.
STRINGS = TEXTS | st.text(st.characters(), max_size=20)
ATTACK = " ".join(MARKUP)


@given(STRINGS)
@example(ATTACK)
@settings(max_examples=MANY)
def test_escaped_text_is_read_as_it_was(text):
    assert html.unescape(escape(text)) == as_shown(text)
    tree = read(f'<p title="{escape(text)}">{escape(text)}</p>', {"p": ["title"]})
    assert tree.one("p").text == tree.one("p").attributes["title"] == as_shown(text)


@given(title=STRINGS, body=STRINGS)
@example(ATTACK, ATTACK)
@settings(max_examples=MANY)
def test_a_page_keeps_its_title_and_its_body(title, body):
    tree = read(page(title, escape(body)), PAGE)
    assert tree.one("title").text == as_shown(title)
    assert tree.one("main").text == f"\n{as_shown(body)}\n"


@given(exercise=STRINGS, outcome=st.sampled_from(["right", "wrong", "not done yet"]), message=STRINGS)
@example(ATTACK, "wrong", ATTACK)
@settings(max_examples=MANY)
def test_a_verdict_says_its_message_and_sets_code_apart(exercise, outcome, message):
    verdict = Verdict(exercise, outcome, message)
    tree = read(verdict._repr_html_(), {"div": ["style"], "strong": [], "br": [], "code": []})
    assert tree.one("strong").text == as_shown(f"Exercise {exercise} · {outcome.capitalize()}")
    heading = len(tree.one("strong").text)
    unmarked = re.sub("`([^`]+)`", r"\1", as_shown(message))
    assert tree.one("div").text[heading:] == unmarked
    assert [code.text for code in tree.all("code")] == re.findall("`([^`]+)`", as_shown(message))
    assert re.fullmatch(r"border-left: 4px \w+ #\w{6}; [a-z0-9:;. -]+", tree.one("div").attributes["style"])


@given(name=STRINGS)
@example(ATTACK)
@settings(max_examples=MANY // 2, deadline=None)
def test_a_report_on_truncation_names_its_tokenizer(name):
    shown = truncation_report(["hello world"], word_piece(), 3)
    named = type(shown)(shown.n, shown.unit, name, shown.special, shown.lengths)
    tree = read(named._repr_html_(), {"style": [], "div": ["class"], "p": []})
    said = "with 2 special tokens in each text, which no cut takes away."
    assert tree.all("p")[1].text == as_shown(f"Counted by {name}, {said}")


def explored(tokens, model, kind="self"):
    labels = tuple(Label(token, token, sequence=n % 2) for n, token in enumerate(tokens))
    weights = np.full((1, 2, len(tokens), len(tokens)), 1 / len(tokens), np.float32)
    return explore_attention(Attention(weights, labels, labels, kind, (0,), (0, 1), model))


def as_told(text):
    """Return `text` as it comes out of JSON: two halves that meet are a character there."""
    return json.loads(json.dumps(text))


@given(tokens=st.lists(STRINGS, min_size=1, max_size=4), model=STRINGS)
@example([ATTACK, ATTACK], ATTACK)
@settings(max_examples=MANY, deadline=None)
def test_an_explorer_holds_its_tokens_as_data(tokens, model):
    shown = explored(tokens, model)
    tree = read(shown._repr_html_(), EXPLORER)
    data = json.loads(tree.one("div").attributes["data-attention"])
    assert [label[0] for label in data["parts"][0]["queries"]] == [as_told(token) for token in tokens]
    assert data["parts"][0]["title"] == as_told(shown.attention.title)
    assert tree.one("img").attributes["src"].startswith("data:image/png;base64,")
    assert tree.one("img").attributes["alt"].startswith(as_shown(shown.attention.title))
    assert re.fullmatch("[0-9a-f]{16}", tree.one("div").attributes["data-explorer"])
    # Nothing from outside stands in the script: for all texts it is the same but for the mark.
    same = explored(["a"], "b")
    assert shown._script.replace(shown._mark, "") == same._script.replace(same._mark, "")


@given(text=TEXTS, model=TEXTS)
@example(ATTACK, ATTACK)
@settings(max_examples=MANY // 4, deadline=None)
def test_a_saved_explorer_keeps_its_title(tmp_path_factory, text, model):
    path = tmp_path_factory.mktemp("pages") / "page.html"
    shown = explored([label.text for label in plain_labels([text, "b"])], model)
    tree = read(shown.save(path).read_text(encoding="utf-8"), PAGE | EXPLORER)
    assert tree.one("title").text == as_shown(shown.attention.title)
    assert len(tree.all("script")) == 1
