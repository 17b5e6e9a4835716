"""Wrong answers to the exercises of lesson 09."""

from wrong_answers import instead, slip

WRONG = {
    "09.1": (
        slip(
            "Top-p is believed to stop before the sum is over the line.",
            "it is the last one that is kept",
            ('"p": 3', '"p": 2'),
        ),
        slip(
            "Top-p is taken to see the shares as they were before top-k.",
            "top-p sees only that",
            ('"k then p": 2', '"k then p": 3'),
        ),
        slip(
            "A high temperature is believed to change what greedy decoding takes.",
            "Does that change which one is the highest",
            ('"greedy, hot": "snow"', '"greedy, hot": "sea"'),
        ),
        slip(
            "High and low temperatures are mixed up.",
            "a temperature below 1 sharpens",
            ('"cold p": 2', '"cold p": 4'),
        ),
        slip(
            "The share among all tokens is taken, as it is printed.",
            "its share among all tokens",
            ('"chance": 2 / 3', '"chance": 0.5'),
        ),
    ),
    "09.2": (
        slip(
            "The threshold stays the same for every text; only the zero is mended.",
            "The threshold is the same for every text",
            ("share * probabilities.amax(dim=-1, keepdim=True)", "share"),
        ),
        slip(
            "The threshold is mended, and the zero stays.",
            "That is a logit like any other",
            ('-float("inf")', "0.0"),
        ),
        slip(
            "The logits themselves are compared.",
            "where zero lies means nothing",
            ("logits.softmax(dim=-1)", "logits"),
        ),
        slip(
            "The highest probability is that of the whole table.",
            "Each row has its own",
            ("probabilities.amax(dim=-1, keepdim=True)", "probabilities.max()"),
        ),
        slip(
            "A low number seems to be as good as −∞.",
            "which can still be drawn",
            ('-float("inf")', "-100.0"),
        ),
    ),
    "09.3": (
        instead(
            "The loop gets a copy, and the sign is not thought of.",
            "Dividing a negative logit brings it nearer to zero",
            """
            def penalised(logits, ids, penalty):
                logits = logits.clone()
                for id in ids.unique():
                    logits[id] = logits[id] / penalty
                return logits
            """,
        ),
        instead(
            "The sign is mended, and each occurrence counts again.",
            "*whether* it was said, not how often",
            """
            def penalised(logits, ids, penalty):
                logits = logits.clone()
                for id in set(ids):
                    logits[id] = logits[id] * penalty if logits[id] < 0 else logits[id] / penalty
                return logits
            """,
        ),
        slip(
            "The numbers are right, and written into what was handed in.",
            "written into the logits that the function was given",
            ("logits, said = logits.clone(), ids.unique()", "said = ids.unique()"),
        ),
        slip(
            "The penalty is subtracted, as some services do.",
            "presence penalty",
            ("torch.where(scores < 0, scores * penalty, scores / penalty)", "scores - penalty"),
        ),
        slip(
            "The two cases are turned round.",
            "what was said becomes likelier",
            ("scores < 0", "scores > 0"),
        ),
    ),
    "09.4": (
        instead(
            "Each id is decoded as it comes.",
            "each token is decoded alone",
            """
            def stream(tokenizer, ids):
                for id in ids:
                    yield tokenizer.decode([id])
            """,
        ),
        slip(
            "Tokens are taken for text.",
            "as the vocabulary writes them",
            (
                "        text = tokenizer.decode(so_far)\n",
                '        text = "".join(tokenizer.convert_ids_to_tokens(so_far))\n',
            ),
            (
                "yield tokenizer.decode(so_far)[shown:]",
                'yield "".join(tokenizer.convert_ids_to_tokens(so_far))[shown:]',
            ),
        ),
        slip(
            "What is left after the loop is forgotten.",
            "hand over what is left",
            ("\n    yield tokenizer.decode(so_far)[shown:]", ""),
        ),
        slip(
            "A broken character anywhere is waited for.",
            "a `�` in it that will never be completed",
            ('not text.endswith("�")', '"�" not in text'),
        ),
        instead(
            "Text is held back up to the last space, as `TextStreamer` does.",
            "It waits for the end of a word",
            """
            def stream(tokenizer, ids):
                so_far, shown = [], 0
                for id in ids:
                    so_far.append(id)
                    text = tokenizer.decode(so_far)
                    ready = text.rfind(" ") + 1
                    if ready > shown:
                        yield text[shown:ready]
                        shown = ready
                yield tokenizer.decode(so_far)[shown:]
            """,
        ),
        instead(
            "The pieces are collected in a list, as in every other function.",
            "a list is complete only",
            """
            def stream(tokenizer, ids):
                so_far, pieces, shown = [], [], 0
                for id in ids:
                    so_far.append(id)
                    text = tokenizer.decode(so_far)
                    if not text.endswith("�"):
                        pieces.append(text[shown:])
                        shown = len(text)
                return [*pieces, tokenizer.decode(so_far)[shown:]]
            """,
        ),
        slip(
            "The whole text so far is handed over each time.",
            "Each piece repeats all that came before",
            ("yield text[shown:]", "yield text"),
        ),
    ),
    "09.5a": (
        slip(
            "The end token is not thought of.",
            "The end token is never allowed",
            ("[*ids, tokenizer.eos_token_id]", "ids"),
            ("if row[: len(written)] == written", "if len(row) > len(written) and row[: len(written)] == written"),
        ),
        slip(
            "Only the place is looked at.",
            "Only the number of tokens is looked at",
            ("if row[: len(written)] == written", "if len(row) > len(written)"),
        ),
        slip(
            "The tokenizer is called as always, with its special tokens.",
            "puts a start token in front",
            ("tokenizer(answer, add_special_tokens=False)", "tokenizer(answer)"),
        ),
        slip(
            "The end is allowed where nothing else can follow.",
            "where no longer answer goes on",
            (
                "return {row[len(written)] for row in rows if row[: len(written)] == written}",
                "follow = {row[len(written)] for row in rows if row[: len(written)] == written}\n    return follow - {tokenizer.eos_token_id} or follow",
            ),
        ),
    ),
    "09.5b": (
        instead(
            "A model that must answer is believed to know.",
            "adds no knowledge",
            'true_statements = {"A", "B", "C", "E"}',
        ),
        instead(
            "A share after the mask is read as the model's own certainty.",
            "0.9 of what?",
            'true_statements = {"A", "C", "D", "E"}',
        ),
        instead(
            "Greedy decoding is believed to compare whole answers.",
            "it goes token by token",
            'true_statements = {"A", "C", "E", "F"}',
        ),
        instead(
            "`Yes` and `yes` are the same word to a reader.",
            "are different tokens",
            'true_statements = {"A", "C"}',
        ),
    ),
}
