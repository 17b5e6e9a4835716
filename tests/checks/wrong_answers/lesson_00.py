"""Wrong answers to the exercises of lesson 00."""

from wrong_answers import instead, slip

WRONG = {
    "00.1": (
        instead("The two numbers are right, but the batch is put last.", "batch is always the first", "shape = (2, 3)"),
        instead("One label for each text is what one wants in the end.", "left after `argmax`", "shape = (3,)"),
        instead(
            "The tokens are what the model reads, so one expects a score for each.",
            "scores for every token",
            'shape = (3, encoding["input_ids"].shape[1], 2)',
        ),
        instead("The lesson's own example was a single text.", "the shape for one text", "shape = (1, 2)"),
    ),
    "00.2": (
        slip(
            "The dimension is left as it was: the label list is the bug that one sees.",
            "softmax runs down the columns",
            ("logits.softmax(dim=-1)", "logits.softmax(dim=0)"),
        ),
        instead(
            "The dimension is mended, and the list from memory stays.",
            "Every label is the opposite",
            """
            def read_logits(logits, config):
                labels = ["POSITIVE", "NEGATIVE"]
                probabilities = logits.softmax(dim=1)
                columns = probabilities.argmax(dim=1).tolist()
                return [(labels[column], row[column].item()) for column, row in zip(columns, probabilities)]
            """,
        ),
        instead(
            "The list from memory is turned round, which is right for this model alone.",
            "not for one with the three labels",
            """
            def read_logits(logits, config):
                labels = ["NEGATIVE", "POSITIVE"]
                probabilities = logits.softmax(dim=1)
                columns = probabilities.argmax(dim=1).tolist()
                return [(labels[column], row[column].item()) for column, row in zip(columns, probabilities)]
            """,
        ),
        slip(
            "Sigmoid also turns numbers into something between 0 and 1.",
            "sigmoid looks at each logit alone",
            ("logits.softmax(dim=-1)", "logits.sigmoid()"),
        ),
        slip(
            "argmax returns tensors, and a dictionary is asked with one.",
            "The keys of `id2label` are plain numbers",
            (".argmax(dim=-1).tolist()", ".argmax(dim=-1)"),
        ),
    ),
    "00.3": (
        slip(
            "The ids look like the input, and everything else like packaging.",
            "reads the padding of the short texts as if it were text",
            ("model(**encoding)", 'model(encoding["input_ids"])'),
        ),
        slip(
            "One text needs no padding, and one text was tried.",
            "Look at the tokenizer's `padding`",
            ("padding=True, ", ""),
        ),
        slip(
            "No text in the lesson was too long.",
            "Look at the tokenizer's `truncation`",
            ("truncation=True, ", ""),
        ),
        slip(
            "Calls from the web often carry a small `max_length`.",
            "Is there a `max_length`?",
            ("truncation=True", "truncation=True, max_length=16"),
        ),
    ),
    "00.4": (
        instead(
            "A score of 0.99 is read as being right 99 times in a hundred.",
            "how often it is right",
            'true_statements = {"A", "C", "D", "E"}',
        ),
        instead(
            "The model is believed to learn from every text.",
            "nothing is trained",
            'true_statements = {"A", "B", "C", "D"}',
        ),
        instead(
            "The model itself is believed to know the names of its labels.",
            "Who knows the names?",
            'true_statements = {"A", "C"}',
        ),
    ),
}
