"""The token table beside tokenizers' own EncodingVisualizer, on texts of 1,000 to 10,000 tokens.

python -m benchmarks.tokens measures, and prints the times as JSON.
"""

import json
from functools import partial
from pathlib import Path
from typing import Any

from benchmarks.markdown import markdown, seconds, times
from benchmarks.timing import cpu_time

ROOT = Path(__file__).resolve().parent.parent
LENGTHS = (1000, 2000, 3000, 4000, 5000, 10000)
# EncodingVisualizer takes four times as long for twice the tokens.
LONGEST_FOR_PEER = 5000
NAMES = {
    "to_pandas": "inspect_tokens, every row",
    "html": "inspect_tokens, HTML with 200 rows",
    "visualizer": "EncodingVisualizer, HTML",
}


def tokenizer(text: str) -> Any:
    """Return a WordPiece tokenizer as BERT has, trained on `text` so that nothing need be fetched."""
    from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors, trainers
    from transformers import PreTrainedTokenizerFast

    special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]"]
    rust = Tokenizer(models.WordPiece(unk_token="[UNK]"))
    rust.normalizer, rust.pre_tokenizer = normalizers.BertNormalizer(), pre_tokenizers.BertPreTokenizer()
    trainer = trainers.WordPieceTrainer(vocab_size=1000, special_tokens=special, show_progress=False)
    rust.train_from_iterator([text, "trunk " * 100], trainer)
    rust.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]", special_tokens=[("[CLS]", 2), ("[SEP]", 3)]
    )
    return PreTrainedTokenizerFast(
        tokenizer_object=rust, pad_token="[PAD]", unk_token="[UNK]", cls_token="[CLS]", sep_token="[SEP]"
    )


def measure() -> dict[str, Any]:
    """Return CPU seconds by length of the text in tokens, and who takes "trunk" for a special token."""
    from tokenizers.tools import EncodingVisualizer

    from hf_tutorial.tokens import inspect_tokens

    words = (ROOT / "LICENSE").read_text(encoding="utf-8").split()
    text = " ".join(words * 5)
    made = tokenizer(text)
    ends = [end for _, end in made(text, return_offsets_mapping=True)["offset_mapping"]]
    visualizer = EncodingVisualizer(made.backend_tokenizer, default_to_notebook=False)
    rows = []
    for length in LENGTHS:
        # [CLS] comes before the text and [SEP] after it.
        cut = text[: ends[length - 2]]
        works = {
            "to_pandas": lambda cut=cut: inspect_tokens(made, cut).to_pandas(),
            "html": lambda cut=cut: inspect_tokens(made, cut)._repr_html_(),
            "visualizer": partial(visualizer, cut),
        }
        if length > LONGEST_FOR_PEER:
            del works["visualizer"]
        for work in works.values():
            work()
        rows.append({"tokens": length, **{name: cpu_time(work).seconds for name, work in works.items()}})
    return {"rows": rows, "trunk_is_special": trunk(made, visualizer)}


def trunk(made: Any, visualizer: Any) -> dict[str, bool]:
    """Return which of the two marks the word "trunk" as a special token."""
    from hf_tutorial.tokens import inspect_tokens

    ours = next(token for token in inspect_tokens(made, "trunk").tokens if token.piece == "trunk")
    body = visualizer("trunk").split("<body>")[1]
    return {"inspect_tokens": ours.special, "EncodingVisualizer": "special-token" in body}


def table(measured: dict[str, Any]) -> str:
    """Return the times as Markdown; ratios are to our table of every row."""
    head = ["tokens", *NAMES.values()]
    lines = [[f"{row['tokens']:,}", *(cell(row, name) for name in NAMES)] for row in measured["rows"]]
    marks = {name: "yes" if marked else "no" for name, marked in measured["trunk_is_special"].items()}
    lines.append(["takes “trunk” for a special token", *[marks["inspect_tokens"]] * 2, marks["EncodingVisualizer"]])
    return "### Token tables: CPU time\n\n" + markdown(head, lines)


def cell(row: dict[str, Any], name: str) -> str:
    if name not in row:
        return "–"
    return seconds(row[name]) + times(row[name], row["to_pandas"], name != "visualizer")


if __name__ == "__main__":
    print(json.dumps(measure()))
