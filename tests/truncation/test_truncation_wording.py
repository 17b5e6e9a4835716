"""What a report on truncation says, word by word: as text, as HTML, as alternative text, and of what it could not use."""

import pytest

from hf_tutorial import truncate_words, truncation_report
from hf_tutorial.errors import InputError
from hf_tutorial.page import asset
from tests.markup.reading import PAGE, read
from tests.tokens.tiny_tokenizers import word_piece

TEXTS = ["a", "a b", "a b c", "a b c d", "a b c d e f g h i j"]
HTML = PAGE | {
    "div": ["class"],
    "p": [],
    "table": [],
    "thead": [],
    "tbody": [],
    "tr": [],
    "th": ["scope"],
    "td": [],
}


def report(n=2, **more):
    return truncation_report({"text": TEXTS, "label": [0, 1, 0, 1, 0]}, None, n, unit="words", **more)


def odd(texts):
    return [len(text.split()) % 2 for text in texts]


def test_words_are_counted_by_no_tokenizer():
    assert (report().tokenizer, report().special) == ("", 0)


def test_the_text_form_counts_and_agrees_in_number():
    assert repr(report()).splitlines()[:2] == [
        "Truncation to 2 words: 5 texts of 1 to 10 words, half of them longer than 3.",
        "3 of 5 (60.0 %) are cut.",
    ]
    assert repr(report(9)).splitlines()[1:] == [
        "1 of 5 (20.0 %) is cut.",
        "Of those, half lose 10.0 % of their words or more, and one in ten 10.0 % or more.",
        "All together 5.0 % of the words are lost.",
    ]
    assert repr(report(1)).splitlines()[0].startswith("Truncation to 1 word: ")


def test_lengths_are_the_shortest_the_median_and_the_longest():
    texts = ["w " * count for count in range(1, 101)]
    assert repr(truncation_report(texts, None, 200, unit="words")) == (
        "Truncation to 200 words: 100 texts of 1 to 100 words, half of them longer than 50.\nNo text is cut."
    )


def test_html_holds_each_sentence_and_each_cell_once():
    shown = report(keep="head", classifier=odd)
    tree = read(shown._repr_html_(), HTML)
    *told, note = [paragraph.text for paragraph in tree.all("p")]
    assert told == repr(report()).splitlines()
    assert note.startswith("The change is measured on the same texts")
    head, first, second = [[cell.text for cell in row.inside] for row in tree.all("tr")]
    assert head[:3] == ["kept", "right", "accuracy (95 % interval)"]
    assert [first[0], first[1], *first[3:]] == ["uncut", "1 of 5", "", "", "", ""]
    assert [second[0], second[1], *second[3:6]] == ["head", "2 of 5", "1", "0", "1"]
    assert tree.one("thead").inside == tree.one("thead").all("tr")
    assert "".join(str(part) for part in tree.one("tbody").inside if isinstance(part, str)).strip() == ""
    assert asset("hf_tutorial.truncation", "truncation.css") in shown._repr_html_()


def test_html_without_a_classifier_has_no_table():
    tree = read(report()._repr_html_(), HTML)
    assert not tree.all("table")
    assert [paragraph.text for paragraph in tree.all("p")] == repr(report()).splitlines()
    assert tree.one("div").text.strip() == "".join(repr(report()).splitlines())


def test_the_alternative_text_says_what_the_plot_shows():
    told = " ".join(repr(report()).splitlines())
    shown = (
        "Lengths of the texts in words, from the shortest to the longest, with a line at 2: what lies above it is lost."
    )
    assert report().alt_text() == f"{told} {shown}"
    judged = report(keep=["head", "both"], classifier=odd).alt_text()
    assert judged == (
        f"{told} {shown} Beside it the accuracy with its 95 % interval: uncut 20.0 % (3.6 to 62.4), head 40.0 % (11.8 to "
        "76.9), both ends 40.0 % (11.8 to 76.9)."
    )


def test_a_saved_report_is_a_page_of_its_own(tmp_path):
    tree = read(report().save(tmp_path / "report.html").read_text(encoding="utf-8"), HTML)
    assert tree.one("title").text == "Truncation to 2 words"
    assert [paragraph.text for paragraph in tree.one("main").all("p")] == repr(report()).splitlines()


def said(act):
    with pytest.raises(InputError) as caught:
        act()
    return str(caught.value)


def test_a_column_of_an_unusual_name_is_offered_in_the_order_of_the_columns():
    assert said(lambda: truncate_words(3)({"body": "a", "n": 1})).endswith("such as column='body'.")
    assert said(lambda: truncate_words(3)({"n": 1, "Document": "a"})).endswith("such as column='Document'.")


@pytest.mark.parametrize(("length", "shown"), [(38, "b" * 38 + "'"), (39, "b" * 39 + "…"), (50, "b" * 39 + "…")])
def test_what_was_found_is_shown_to_its_fortieth_character(length, shown):
    found = said(
        lambda: truncation_report({"text": ["a"], "label": ["b" * length]}, None, 1, unit="words", classifier=len)
    )
    assert f"but found str '{shown}. Turn names into numbers first" in found


def test_a_row_that_holds_a_list_is_no_batch_where_its_number_is_known():
    row = {"text": ["a", "b"], "label": [0, 1]}
    assert truncate_words(1)(row, [7, 8]) == {"text": ["a", "b"]}
    assert said(lambda: truncate_words(1)(row, 7)) == (
        "column 'text' of row 7 of the dataset: expected a text but found list ['a', 'b']. Join words to a text first: "
        "' '.join(words)."
    )


def test_tokens_are_said_to_be_tokens():
    lines = repr(truncation_report(["hello world hello", "w"], word_piece(), 4)).splitlines()
    assert lines == [
        "Truncation to 4 tokens: 2 texts of 3 to 5 tokens, half of them longer than 4.",
        "Counted by TokenizersBackend, with 2 special tokens in each text, which no cut takes away.",
        "1 of 2 (50.0 %) is cut.",
        "Of those, half lose 33.3 % of their tokens or more, and one in ten 33.3 % or more.",
        "All together 25.0 % of the tokens are lost.",
    ]
