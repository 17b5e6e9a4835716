"""What an inspection says, exactly, for small cases worked out by hand."""

import textwrap

import pytest
from tiny_tokenizers import gpt2, llama2, llama3, unigram, with_chat_tokens, word_piece
from transformers import ByT5Tokenizer

from hf_tutorial.errors import InputError
from hf_tutorial.tokens import inspect_tokens


def says(inspection, expected):
    assert repr(inspection) == textwrap.dedent(expected).strip("\n")


def test_word_piece():
    # Lower-cased; cut at spaces and punctuation; `hugging` is in the vocabulary, `HuggingFace` is not; 🤗 is unknown.
    says(
        inspect_tokens(word_piece(), "Hello HuggingFace 🤗!"),
        """
        TokenizersBackend: 7 tokens, 2 of them special, 1 unknown

        text          Hello HuggingFace 🤗!
        normalise     BertNormalizer
                        hello huggingface 🤗!
        pre-tokenise  BertPreTokenizer
                        hello │ huggingface │ 🤗 │ !
        model         WordPiece
                        hello │ hugging │ ##face │ [UNK] │ !
        post-process  TemplateProcessing
                        adds [CLS] at 0, [SEP] at 6

        index  id  characters  word  piece    text     note
            0   2           –     –  [CLS]             special
            1   5         0:5     0  hello    hello    in the text: Hello
            2   7        6:13     1  hugging  hugging  in the text: Hugging
            3   8       13:17     1  ##face   face     in the text: Face
            4   1       18:19     2  [UNK]    🤗       unknown, replaces 🤗
            5  18       19:20     3  !        !
            6   3           –     –  [SEP]             special
        """,
    )


def test_byte_level_pieces_show_their_text_and_the_bytes_of_an_emoji():
    # 🤗 is F0 9F A4 97; the vocabulary has " F0 9F" as one piece. GPT-2's spans leave the space out.
    says(
        inspect_tokens(gpt2(), "he 🤗\n"),
        """
        TokenizersBackend: 5 tokens, 0 of them special

        text          he 🤗\\n
        normalise     none
                        changes nothing
        pre-tokenise  ByteLevel
                        he │ ĠðŁ¤Ĺ │ Ċ
        model         BPE
                        he │ ĠðŁ │ ¤ │ Ĺ │ Ċ
        post-process  ByteLevel
                        adds no special tokens

        index   id  characters  word  piece  text      note
            0  257         0:2     0  he     he
            1  259         3:4     1  ĠðŁ    ␣⟨F0 9F⟩  part of 🤗
            2   97         3:4     1  ¤      ⟨A4⟩      part of 🤗
            3  245         3:4     1  Ĺ      ⟨97⟩      part of 🤗
            4  198         4:5     2  Ċ      \\n

        ⟨…⟩ shows bytes: the token holds a part of a character, which several tokens make together.
        """,
    )


def test_a_plain_python_tokenizer_has_pieces_but_no_places():
    says(
        inspect_tokens(ByT5Tokenizer(), "é!"),
        """
        ByT5Tokenizer: 4 tokens, 1 of them special

        text          é!
        model         written in Python: shows no inner stages
                        Ã │ © │ !
        post-process  written in Python
                        adds </s> at 3

        index   id  characters  word  piece  text  note
            0  198           –     –  Ã      ⟨C3⟩  part of é
            1  172           –     –  ©      ⟨A9⟩  part of é
            2   36           –     –  !      !
            3    1           –     –  </s>         special

        This encoding has no character spans and no word numbers.
        ⟨…⟩ shows bytes: the token holds a part of a character, which several tokens make together.
        """,
    )


def test_a_batch_is_a_grid_with_its_padding():
    says(
        inspect_tokens(word_piece(), ["Hello!", "I hugging face", ""], padding=True),
        """
        TokenizersBackend: 3 rows, 15 tokens, 6 of them special, 4 padding

        text 0
          text  [CLS]  hello        !  [SEP]  [PAD]
          id        2      5       18      3      0
          mask      1      1        1      1      0
        text 1
          text  [CLS]      i  hugging   face  [SEP]
          id        2     15        7      9      3
          mask      1      1        1      1      1
        text 2
          text  [CLS]  [SEP]    [PAD]  [PAD]  [PAD]
          id        2      3        0      0      0
          mask      1      1        0      0      0

        text 0: adds 1 × [PAD] on the right, with attention mask 0
        text 2: adds 3 × [PAD] on the right, with attention mask 0
        """,
    )


def test_overflow_says_what_each_part_covers():
    inspection = inspect_tokens(
        word_piece(), "hello world hello world", truncation=True, max_length=4, stride=1, return_overflowing_tokens=True
    )
    assert [token.text for token in inspection[1].tokens] == ["", "world", "hello", ""]
    assert "text 0, part 1 of 3: 2 of 4 tokens kept, the text is covered up to character 11 of 23" in repr(inspection)
    assert "text 0, part 2 of 3: 2 of 4 tokens kept, the text is covered from character 6 to 17 of 23" in repr(
        inspection
    )


def test_truncation_is_a_stage_of_its_own():
    inspection = inspect_tokens(word_piece(), "hello world " * 3, truncation=True, max_length=5)
    stage = next(stage for stage in inspection.stages[0] if stage.name == "truncate")
    assert stage.says == "3 of 6 tokens kept, the text is covered up to character 17 of 36"
    assert stage.says in repr(inspection)
    assert stage.says in inspection._repr_html_()


def test_truncation_of_a_pair_names_the_text_that_lost_something():
    inspection = inspect_tokens(word_piece(), "hello", "world " * 6, truncation="only_second", max_length=8)
    assert "second text: 4 of 6 tokens kept, the text is covered up to character 23 of 36" in repr(inspection)
    assert "first text" not in repr(inspection)


def test_truncation_on_the_left_says_from_where():
    tokenizer = word_piece()
    tokenizer.truncation_side = "left"
    inspection = inspect_tokens(tokenizer, "hello world hello", truncation=True, max_length=4)
    assert "the text is covered from character 6 to 17 of 17" in repr(inspection)


def test_a_python_tokenizer_says_how_many_tokens_truncation_kept():
    inspection = inspect_tokens(ByT5Tokenizer(), "hello world", truncation=True, max_length=5)
    assert "4 of 11 tokens kept\n" in repr(inspection)


def test_a_pair_has_two_sequences():
    inspection = inspect_tokens(word_piece(), "Hello", "World!")
    assert [token.sequence for token in inspection.tokens] == [None, 0, None, 1, 1, None]
    assert inspection.stages[0][2].results == (("hello",), ("world", "!"))
    assert "sequence" in repr(inspection)


def test_left_padding_is_said_to_be_left():
    assert "adds 1 × [PAD] on the left" in repr(
        inspect_tokens(word_piece(), ["hello", "hello world"], padding=True, padding_side="left")
    )


def test_special_tokens_in_the_text_are_told_from_added_ones():
    inspection = inspect_tokens(word_piece(), "hello [MASK]")
    notes = [line.note for line in inspection.to_pandas().itertuples()]
    assert notes == ["special", "", "special, written in the text", "special"]
    assert inspection.stages[0][0].results == (("hello [MASK]",),)  # normalising would have lower-cased it


def test_gpt2_s_end_token_is_special_and_not_unknown():
    tokens = inspect_tokens(gpt2(), "he<|end|>").tokens
    assert [(token.special, token.unknown) for token in tokens] == [(False, False), (True, False)]


def test_a_piece_that_holds_the_letters_of_a_special_token_is_plain_text():
    tokenizer = word_piece()
    tokenizer.add_tokens(["trunk", "unk"])
    tokens = inspect_tokens(tokenizer, "trunk unk").tokens[1:-1]
    assert [(token.text, token.special, token.unknown) for token in tokens] == [
        ("trunk", False, False),
        ("unk", False, False),
    ]


def test_an_added_token_that_is_not_special_keeps_its_text():
    tokens = inspect_tokens(with_chat_tokens(), "<tool><|user|>").tokens
    assert [(token.text, token.special) for token in tokens] == [("<tool>", False), ("", True)]


def test_word_numbers_that_say_nothing_are_remarked():
    assert "the word number is 0 throughout" in repr(inspect_tokens(llama2(), "a b c"))
    assert "the word number" not in repr(inspect_tokens(unigram(), "a b c"))


def test_a_text_longer_than_the_model_takes_is_remarked():
    assert "66 tokens are more than the 64 that the model takes" in repr(inspect_tokens(word_piece(), "hello " * 64))


def test_given_words_keep_their_own_spans():
    inspection = inspect_tokens(word_piece(), ["Hello", "HuggingFace"], is_split_into_words=True)
    assert [(token.word, token.span, token.source) for token in inspection.tokens[1:-1]] == [
        (0, (0, 5), "Hello"),
        (1, (0, 7), "Hugging"),
        (1, (7, 11), "Face"),
    ]
    assert len(inspection) == 1


def test_an_encoding_that_is_there_already_is_shown():
    tokenizer = word_piece()
    encoding = tokenizer(["hello", "hello world"], padding=True, return_tensors="pt")
    frame = inspect_tokens(tokenizer, encoding).to_pandas()
    assert frame["id"].tolist() == encoding["input_ids"].flatten().tolist()
    assert frame["padding"].tolist() == [False] * 3 + [True] + [False] * 4
    plain = inspect_tokens(tokenizer, {"input_ids": [2, 5, 3]})
    assert [token.text for token in plain.tokens] == ["", "hello", ""]


def test_an_encoding_changed_by_hand_is_not_given_the_old_spans():
    tokenizer = word_piece()
    encoding = tokenizer("hello world")
    encoding["input_ids"] = encoding["input_ids"][:2]
    assert [token.span for token in inspect_tokens(tokenizer, encoding).tokens] == [None, None]


def test_the_mask_is_shown_as_it_is():
    tokens = inspect_tokens(word_piece(), {"input_ids": [2, 5, 3], "attention_mask": [1, 0, 1]}).tokens
    assert [(token.attended, token.padding) for token in tokens] == [(True, False), (False, False), (True, False)]


def test_a_tokenizer_of_the_tokenizers_library_will_do():
    assert [token.text for token in inspect_tokens(llama3().backend_tokenizer, "ll").tokens] == ["", "ll"]


def test_an_empty_batch_is_an_empty_inspection():
    inspection = inspect_tokens(word_piece(), [])
    assert len(inspection) == len(inspection.to_pandas()) == 0
    assert "0 rows, 0 tokens" in repr(inspection)
    assert "0 rows, 0 tokens" in inspection._repr_html_()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((object(), "a"), "tokenizer must be a tokenizer, such as AutoTokenizer.from_pretrained"),
        (("word_piece", 3), "text must be a string or a list of strings, but is int"),
        (("word_piece", None), "text must be a string or a list of strings, but is None"),
        (("word_piece", ["a", 3]), "but is a list that holds int"),
        (("word_piece", "a", 3), "pair must be a string"),
        (("word_piece", ["a", "b"], ["c"]), "must have the same length, but have 2 and 1"),
        (("word_piece", "a\ud800"), r"half of a character \(U\+D800\) at 1"),
        (("word_piece", {"ids": [1]}), "the encoding has no 'input_ids'"),
        (("word_piece", {"input_ids": [1]}, "pair"), "an encoding is shown as it is"),
    ],
)
def test_wrong_use_is_told_what_to_do(arguments, message):
    tokenizer, *rest = arguments
    with pytest.raises(InputError, match=message):
        inspect_tokens(word_piece() if tokenizer == "word_piece" else tokenizer, *rest)


def test_what_the_tokenizer_refuses_keeps_its_reason():
    tokenizer = gpt2()
    tokenizer.pad_token = None
    with pytest.raises(InputError, match=r"could not encode this: .*padding token"):
        inspect_tokens(tokenizer, ["he", "h"], padding=True)


def test_nothing_is_printed(capsys):
    inspection = inspect_tokens(word_piece(), "hello " * 100)
    repr(inspection), inspection._repr_html_()
    assert capsys.readouterr() == ("", "")
