"""The tokenizer of `training.t5_dates`: T5's form, with a vocabulary made for dates.

Every word, day and year is one token: with digits for tokens, a model of this size loses count of them. Single characters
stand behind, so that other Latin text is spelt out and does not become `<unk>`. It has no sentinels (`<extra_id_0>`), as
nothing here was trained to fill gaps.
"""

import re
from pathlib import Path

from tokenizers import Tokenizer, decoders, models, normalizers, pre_tokenizers, processors

from hf_tutorial.sources.dates import FORMATS, LANGUAGES, YEARS, days, pair

# T5's own special tokens, with T5's ids 0, 1 and 2.
SPECIAL = ("<pad>", "</s>", "<unk>")
MARKER = "▁"
# ASCII, Latin-1, Latin Extended-A, Romanian's comma letters, and the punctuation of running text.
_RANGES = ((0x21, 0x7F), (0xA1, 0x180), (0x218, 0x21C), (0x2010, 0x2028), (0x2030, 0x203B), (0x20AC, 0x20AD))
# Log-probabilities: one word is always likelier than its characters.
_WORD_SCORE, _CHARACTER_SCORE = -2.0, -20.0
LONGEST_INPUT = 128


def whole_pieces() -> set[str]:
    """Return every word, day and year of the sentences as it stands in the vocabulary, with T5's mark for a space.

    >>> {"▁22", "▁noiembrie", "▁2026", "2026"} <= whole_pieces()
    True
    """
    found = {f"{mark}{year}" for year in YEARS for mark in (MARKER, "")}
    # One leap year has every day, month and weekday in every form.
    for day in days(range(2024, 2025)):
        for language in LANGUAGES:
            for style in FORMATS:
                sentences = pair(day, language, style)
                for chunk in f"{sentences.source} {sentences.target}".split():
                    first, *others = re.findall(r"\w+|\W", chunk)
                    found.update([MARKER + first, *others])
    return found


def characters() -> list[str]:
    """Return the printable characters of the fallback that Unicode's NFKC leaves as they are, and the mark."""
    listed = [chr(code) for start, stop in _RANGES for code in range(start, stop)]
    keeps = normalizers.NFKC().normalize_str
    return [MARKER, *(sign for sign in listed if sign.isprintable() and keeps(sign) == sign)]


def vocabulary() -> list[tuple[str, float]]:
    """Return the pieces in the order of their ids, each with its score."""
    single = characters()
    words = sorted(whole_pieces().difference(single))
    return [
        *((token, 0.0) for token in SPECIAL),
        *((word, _WORD_SCORE) for word in words),
        *((sign, _CHARACTER_SCORE) for sign in single),
    ]


def new_backend() -> Tokenizer:
    """Return the tokenizer as the library `tokenizers` knows it."""
    backend = Tokenizer(models.Unigram(vocabulary(), unk_id=SPECIAL.index("<unk>")))
    # T5's own normaliser is NFKC with a few additions: "ă" in two code points and no-break spaces read like the usual ones.
    backend.normalizer = normalizers.NFKC()
    metaspace = pre_tokenizers.Metaspace(replacement=MARKER, prepend_scheme="always", split=True)
    backend.pre_tokenizer = pre_tokenizers.Sequence([pre_tokenizers.WhitespaceSplit(), metaspace])
    backend.decoder = decoders.Metaspace(replacement=MARKER, prepend_scheme="always", split=True)
    backend.add_special_tokens(list(SPECIAL))
    end = ("</s>", SPECIAL.index("</s>"))
    backend.post_processor = processors.TemplateProcessing(
        single="$A </s>", pair="$A </s> $B </s>", special_tokens=[end]
    )
    return backend


def write_tokenizer(folder: Path) -> None:
    """Write the tokenizer to `folder`, so that `AutoTokenizer` loads it."""
    from transformers import PreTrainedTokenizerFast

    PreTrainedTokenizerFast(
        tokenizer_object=new_backend(),
        pad_token="<pad>",
        eos_token="</s>",
        unk_token="<unk>",
        model_max_length=LONGEST_INPUT,
    ).save_pretrained(folder)
