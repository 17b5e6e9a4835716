"""A rule on names that transformers 5 and datasets 4 removed, or accept and ignore: none may be taught as if it worked."""

import ast
from collections.abc import Iterator

from IPython.core.inputtransformer2 import TransformerManager

from tools.notebooks import tags
from tools.rules.sheet import Finding, Sheet

# Each name with what to write instead.
IMPORTS = {"AdamW": "torch.optim.AdamW"}
METHODS = {
    "encode_plus": "call the tokenizer",
    "batch_encode_plus": "call the tokenizer",
    "prepare_seq2seq_batch": "tokenizer(…, text_target=…)",
    "as_target_tokenizer": "tokenizer(…, text_target=…)",
}
ARGUMENTS = {
    "evaluation_strategy": "eval_strategy",
    "warmup_ratio": "warmup_steps",
    "torch_dtype": "dtype",
    "use_fast": "nothing: it is ignored",
    "no_cuda": "use_cpu",
    "overwrite_output_dir": "nothing",
}
TASKS = ("summarization", "translation", "question-answering", "text2text-generation")
BUILDERS = ("csv", "json", "text", "parquet", "arrow", "pandas", "imagefolder", "audiofolder", "generator")


def removed_names(sheet: Sheet) -> Iterator[Finding]:
    """Code cells use no name that is gone, unless they are tagged to show just that."""
    for number, cell in sheet.code:
        if "shows-removed" in tags(cell):
            continue
        try:
            tree = ast.parse(TransformerManager().transform_cell(cell.source))
        except SyntaxError:
            if "raises-exception" not in tags(cell):
                yield number, "is no Python; mend it, or tag it raises-exception"
            continue
        for text in dict.fromkeys(text for node in ast.walk(tree) for text in _removed(node)):
            yield number, f"{text}, or tag the cell shows-removed"


def _removed(node: ast.AST) -> Iterator[str]:
    match node:
        case ast.ImportFrom(module=str(module), names=names) if module.split(".")[0] == "transformers":
            yield from (text for name in names for text in _gone(name.name))
        case ast.Attribute(value=ast.Name(id="transformers"), attr=name):
            yield from _gone(name)
        case ast.Attribute(attr=name) if name in METHODS:
            yield f".{name} was removed; instead {METHODS[name]}"
        case ast.Call():
            yield from _removed_in_call(node)


def _gone(name: str) -> Iterator[str]:
    if name in IMPORTS:
        yield f"transformers.{name} was removed; use {IMPORTS[name]}"
    elif name.startswith(("TFAuto", "FlaxAuto")):
        yield f"transformers.{name} was removed; use {name.removeprefix('TF').removeprefix('Flax')}"


def _removed_in_call(call: ast.Call) -> Iterator[str]:
    called = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    given = {keyword.arg: keyword.value for keyword in call.keywords if keyword.arg}
    for name in given:
        if name in ARGUMENTS:
            yield f"the argument {name}= is gone; use {ARGUMENTS[name]}"
    if called in ("Trainer", "Seq2SeqTrainer") and "tokenizer" in given:
        yield f"{called}(tokenizer=…) was removed; use processing_class="
    first = call.args[0] if call.args else given.get("task") or given.get("path")
    if isinstance(first, ast.Constant) and isinstance(first.value, str):
        yield from _removed_value(called, first.value)


def _removed_value(called: str, value: str) -> Iterator[str]:
    if called == "pipeline" and value.startswith(TASKS):
        yield f"pipeline({value!r}) was removed; use the model and its tokenizer"
    if called == "load_dataset" and "/" not in value and value not in BUILDERS:
        yield f"load_dataset({value!r}) has no namespace; write 'namespace/{value}'"
