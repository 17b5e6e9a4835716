"""What pieces stand for, in each family's alphabet."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tiny_tokenizers import FAMILIES

from hf_tutorial.tokens.pieces import Alphabet, Reading, alphabet_of, byte_alphabet, read_together


@pytest.mark.parametrize(
    ("family", "alphabet"),
    [
        ("WordPiece", Alphabet(prefix="##")),
        ("GPT-2", Alphabet(byte_level=True)),
        ("Llama 3", Alphabet(byte_level=True)),
        ("Unigram", Alphabet(space_mark="▁")),
        ("Llama 2", Alphabet(space_mark="▁", byte_fallback=True)),
        ("ByT5", Alphabet(latin_bytes=True)),
        ("CANINE", Alphabet()),
    ],
)
def test_the_alphabet_is_read_from_the_components(family, alphabet):
    assert alphabet_of(FAMILIES[family]) == alphabet


@pytest.mark.parametrize(
    ("alphabet", "piece", "text"),
    [
        (Alphabet(prefix="##"), "##face", b"face"),
        (Alphabet(prefix="##"), "##", b"##"),
        (Alphabet(byte_level=True), "ĠcafÃ©", " café".encode()),
        (Alphabet(byte_level=True), "日", "日".encode()),  # no byte-level piece: an added token
        (Alphabet(space_mark="▁"), "▁a▁b", b" a b"),
        (Alphabet(byte_fallback=True), "<0xF0>", b"\xf0"),
        (Alphabet(), "<0xF0>", b"<0xF0>"),
        (Alphabet(suffix="</w>"), "low</w>", b"low "),
        (Alphabet(latin_bytes=True), "Ã", b"\xc3"),
    ],
)
def test_a_piece_stands_for_bytes(alphabet, piece, text):
    assert alphabet.read(piece) == text


def test_the_byte_alphabet_is_the_one_of_the_tokenizers_library():
    from tokenizers.pre_tokenizers import ByteLevel

    assert set(byte_alphabet()) == set(ByteLevel.alphabet())
    assert sorted(byte_alphabet().values()) == list(range(256))


def test_bytes_of_one_character_name_it():
    assert read_together([b" \xf0\x9f", b"\xa4", b"\x97!"]) == [
        Reading(" ⟨F0 9F⟩", "🤗"),
        Reading("⟨A4⟩", "🤗"),
        Reading("⟨97⟩!", "🤗"),
    ]


def test_bytes_that_make_no_character_stay_bytes():
    assert read_together([b"\xff\xf0", b"a"]) == [Reading("⟨FF F0⟩"), Reading("a")]


@given(st.text(), st.data())
def test_however_a_text_is_cut_its_characters_come_back(text, data):
    whole = text.encode()
    cuts = sorted(data.draw(st.lists(st.integers(0, len(whole)), max_size=8)))
    pieces = [whole[start:end] for start, end in zip([0, *cuts], [*cuts, len(whole)], strict=True)]
    readings = read_together(pieces)
    assert len(readings) == len(pieces)
    for piece, reading in zip(pieces, readings, strict=True):
        if not reading.character:
            assert reading.text.encode() == piece
