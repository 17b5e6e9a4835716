import pytest

from tools.slides.blocks import Block, Section
from tools.slides.code import code_html, text_html
from tools.slides.markdown import Markdown
from tools.slides.measure import GAP, ROOM, code_height, code_lines, column_widths, text_lines
from tools.slides.pages import paginate
from tools.slides.prose import prose_blocks
from tools.slides.shorten import MOST_WORDS, sentences, shorten

FILL = "and so on it goes for a good while yet, since a lesson explains what it does"
LONG = f"This is the first of several sentences that stand here. Here is the second, {FILL}, {FILL}, {FILL}."


@pytest.mark.parametrize(
    ("paragraph", "short"),
    [
        ("Short as it is. It stays whole.", "Short as it is. It stays whole."),
        (LONG, "This is the first of several sentences that stand here."),
        (f"**Label.** {LONG}", "**Label.** This is the first of several sentences that stand here."),
        (
            f"Few words stand here. {LONG}",
            "Few words stand here. This is the first of several sentences that stand here.",
        ),
        (f"{LONG} What is set in bold is a **term**.", f"{LONG.split('.')[0]}. What is set in bold is a **term**."),
        (f"Few words stand here. {LONG} What is set in bold is a **term**.", "What is set in bold is a **term**."),
        (
            f"{LONG} Something does it. This is called a **term** here.",
            f"{LONG.split('.')[0]}. Something does it. This is called a **term** here.",
        ),
        (
            f"{LONG} A **term** is this one here among others. The parts of it are called:",
            f"{LONG.split('.')[0]}. A **term** is this one here among others. The parts of it are called:",
        ),
        (
            f"Few words stand here. {LONG} A **term** is this one here among others. The parts of it are called:",
            "A **term** is this one here among others. The parts of it are called:",
        ),
        (
            f"Powers are written as `2 ** n` in this and other code. {LONG} So is `3 ** n`.",
            "Powers are written as `2 ** n` in this and other code.",
        ),
        (f"Where do the pieces come from? {LONG}", f"Where do the pieces come from? {LONG.split('.')[0]}."),
        (f"{LONG} The parts of it are called:", "The parts of it are called:"),
        (f"The call `a.b(c. D)` is *one. Two* and more. {LONG}", "The call `a.b(c. D)` is *one. Two* and more."),
        (
            f"A [link. With a stop](x.ipynb) comes e.g. Before the end. {LONG}",
            "A [link. With a stop](x.ipynb) comes e.g. Before the end.",
        ),
        (
            f"Version 3.11 of it (or 3.12. Both will do) is what we need. {LONG}",
            "Version 3.11 of it (or 3.12. Both will do) is what we need.",
        ),
        (
            f"The head seems to have favourites when it has a scale. It has none. {LONG}",
            "The head seems to have favourites when it has a scale. It has none.",
        ),
        (
            f"{LONG} What is right of *n* texts lies in most cases within",
            "What is right of *n* texts lies in most cases within",
        ),
        (f"({LONG})", ""),
    ],
)
def test_a_paragraph_is_cut_at_the_end_of_a_sentence(paragraph, short):
    assert shorten(paragraph) == short


def test_sentences_together_are_the_paragraph():
    assert " ".join(sentences(LONG)) == LONG


def test_one_long_sentence_stays_whole():
    sentence = "word " * (2 * MOST_WORDS) + "end."
    assert shorten(sentence) == sentence


def blocks_of(source):
    return list(prose_blocks(Markdown(decks={"01_tokenizers"}), source, 1))


def test_a_paragraph_stands_short_on_the_slide_and_whole_in_the_notes():
    (block,) = blocks_of(LONG)
    assert block.html == "<p>This is the first of several sentences that stand here.</p>"
    assert "Here is the second" in block.notes


def test_a_folded_answer_stands_in_the_notes_alone():
    (block,) = blocks_of(
        "<details><summary><b>Q: What is <code>&lt;pad&gt;</code>?</b></summary>\n\nA *filler*.\n\n</details>"
    )
    assert block.html == "<p>Q: What is <code>&lt;pad&gt;</code>?</p>"
    assert "A <em>filler</em>." in block.notes
    assert not block.stays


def test_the_box_about_the_hub_stands_in_the_notes_alone():
    (block,) = blocks_of("> **Here / on the Hub.** Other scores.")
    assert not block.visible
    assert "Other scores" in block.notes


def test_what_is_to_be_guessed_stays_with_its_code():
    for opening in ("Before you run", "Before you look", "Before you read the third column"):
        (block,) = blocks_of(f"*{opening}: how many?*")
        assert block.kind == "question"
        assert block.stays


def test_markup_in_prose_is_text():
    (block,) = blocks_of("See <script>alert(1)</script>")
    assert "<script" not in block.html + block.notes


def test_links_lead_to_decks_or_away_or_nowhere():
    (block,) = blocks_of(
        "[a](01_tokenizers.ipynb) [b](exercises/x.ipynb) [c](https://example.org/) [d](javascript:alert(1))"
    )
    assert '<a href="01_tokenizers.html">a</a>' in block.html
    assert "<span>b</span>" in block.html
    assert '<a href="https://example.org/">c</a>' in block.html
    assert 'href="javascript' not in block.html


def test_long_tables_and_lists_are_divided():
    table = "| name | meaning |\n|---|---|\n" + "".join(f"| row {n} | {FILL} |\n" for n in range(20))
    parts = blocks_of(table)
    assert len(parts) > 1
    assert all(part.height <= ROOM and "<th" in part.html for part in parts)
    assert sum(part.html.count("<tr>") - 1 for part in parts) == 20
    numbered = blocks_of("".join(f"{n}. {FILL}, and {FILL}\n" for n in range(1, 16)))
    assert len(numbered) > 1
    assert sum(part.html.count("<li>") for part in numbered) == 15
    assert f'start="{numbered[0].html.count("<li>") + 1}"' in numbered[1].html


def test_the_last_part_of_a_list_is_not_left_with_an_item_or_two():
    assert [part.html.count("<li>") for part in blocks_of("- short\n" * 13)] == [7, 6]


def test_a_long_line_of_code_goes_on_under_its_indent():
    source = "def f():\n    return " + " + ".join(["something_long"] * 12)
    assert code_lines(source.split("\n"), 20) > 2
    page = code_html(source, "python", 20, "source")
    assert page.count('class="line"') == 2
    assert "--inset: 8ch" in page


def test_code_in_a_language_that_nobody_knows_is_still_shown():
    assert "a &lt; b" in code_html("a < b", "no-such-language", 20, "listing")


def test_printed_markup_is_text():
    page = text_html('</code></pre><script>alert("x")</script>', 20, "printed")
    assert "<script" not in page
    assert page.count("</pre>") == 1


def test_an_empty_line_takes_half_a_line():
    assert code_height(["a", "", "b"], 20) - code_height(["a", "b"], 20) == 13


def test_text_breaks_at_spaces():
    inline = Markdown().inline
    assert text_lines(inline("one"), 27, 1160) == 1
    assert text_lines(inline("one two " * 20), 27, 1160) == 2


def test_columns_share_what_is_left():
    assert sum(column_widths([900, 900], [100, 300], 1000)) == 1000
    assert sum(column_widths([2000, 900], [1500, 300], 1000)) == 1000


def block(kind, height, cell=1, **options):
    return Block(kind, f"<p>{kind}</p>", height, cell, **options)


def kinds(blocks, room=500):
    slides = paginate(Section("Heading", 2, True, list(blocks)), room)
    assert [slide.part for slide in slides] == list(range(1, len(slides) + 1))
    assert all(sum(block.height + GAP for block in slide.shown) <= room for slide in slides)
    return [[block.kind for block in slide.blocks] for slide in slides]


def test_an_output_stands_below_its_code_if_both_fit():
    assert kinds([block("prose", 200), block("code", 150), block("output", 150)]) == [["prose"], ["code", "output"]]
    assert kinds([block("code", 300), block("output", 300)]) == [["code"], ["output"]]


def test_the_output_of_another_cell_may_stand_alone():
    assert kinds([block("code", 300), block("output", 150, cell=2)]) == [["code", "output"]]
    assert kinds([block("prose", 150), block("code", 300), block("output", 150, cell=2)]) == [
        ["prose", "code"],
        ["output"],
    ]


def test_a_question_stays_with_its_code():
    asked = block("question", 60, stays=True)
    assert kinds([block("prose", 300), asked, block("code", 200)]) == [["prose"], ["question", "code"]]
    assert kinds([asked, block("code", 300), block("output", 200)]) == [["question", "code"], ["output"]]


def test_a_figure_shrinks_a_little_to_stay_with_its_code():
    figure = block("figure", 400, least=320)
    assert kinds([block("code", 130), figure]) == [["code", "figure"]]
    assert kinds([block("code", 200), figure]) == [["code"], ["figure"]]


def test_a_figure_shrinks_a_little_for_what_follows():
    assert kinds([block("figure", 450, least=360), block("question", 60)]) == [["figure", "question"]]


def test_what_leads_on_to_code_stands_with_it_and_not_with_a_figure():
    leads = block("prose", 40, cell=2, stays=True)
    assert kinds([block("figure", 400), leads, block("code", 100, cell=3)]) == [["figure"], ["prose", "code"]]


def test_words_about_an_output_take_it_along_rather_than_stand_alone():
    ran = [block("code", 300), block("output", 150)]
    notes = Block("notes", "", 0, 1, notes="<p>Said.</p>")
    assert kinds([*ran, notes, block("prose", 100, cell=2)]) == [["code"], ["output", "notes", "prose"]]
    assert kinds([*ran, block("prose", 400, cell=2)]) == [["code", "output"], ["prose"]]
    assert kinds([*ran, block("prose", 100, cell=2), block("code", 200, cell=3)]) == [
        ["code", "output"],
        ["prose", "code"],
    ]


def test_each_slide_has_its_code_as_large_as_it_can():
    small, large = (
        Section(
            "Heading", 2, True, [block("code", height, label=name), block("code", height + 100, cell=2, label=name)]
        )
        for name, height in (("small", 300), ("large", 390))
    )
    first, second = paginate(small, 500, [large])
    assert [slide.blocks[0].label for slide in (first, second)] == ["large", "small"]
    small.blocks[0] = block("code", 60, label="small")
    large.blocks[0] = block("code", 90, label="large")
    (only,) = paginate(small, 500, [large])
    assert [made.label for made in only.blocks] == ["small", "small"]


def test_what_is_higher_than_a_slide_scrolls():
    (slide,) = paginate(Section("Heading", 2, True, [block("code", 900, least=480)]), 500)
    assert slide.blocks[0].scrolls
    assert slide.blocks[0].height == 500 - GAP


def test_what_follows_a_question_appears_step_by_step():
    asked = block("question", 40, stays=True)
    blocks = [block("prose", 40), asked, block("code", 60), block("output", 60), block("prose", 40, cell=2)]
    (slide,) = paginate(Section("Heading", 2, True, blocks), 500)
    assert [block.fragment for block in slide.blocks] == [False, False, False, True, True]


def test_a_table_appears_after_the_question_about_it():
    asked = block("question", 40, stays=True)
    (slide,) = paginate(Section("Heading", 2, True, [block("prose", 40), asked, block("table", 200)]), 500)
    assert [block.fragment for block in slide.blocks] == [False, False, True]


def test_notes_take_no_room():
    notes = Block("notes", "", 0, 1, notes="<p>Said.</p>")
    (slide,) = paginate(Section("Heading", 2, True, [block("prose", 480), notes]), 500)
    assert slide.notes == ["<p>Said.</p>"]
    assert slide.look != "divider"
