"""Wrong answers to the exercises of lesson 05."""

from wrong_answers import instead, slip

WRONG = {
    "05.1": (
        slip(
            "The last block is taken to be as full as the others.",
            "How many rows are left for the last block?",
            ("[2, 2, 2, 2, 1]", "[2, 2, 2, 2, 2]"),
        ),
        slip(
            '`len(rows["text"])` is read as the length of a text.',
            "no text but a list of them",
            ("[2, 2, 2, 2, 1]", "[1, 1, 1, 1, 1]"),
        ),
        slip(
            "What the function returns is taken for all that is left.",
            "Columns stay until they are removed",
            ('["text", "label", "size"]', '["size", "text"]'),
        ),
        slip(
            "`map` is believed to change the dataset itself.",
            "`map` returns a new dataset",
            ('"original": "Why?"', '"original": "WHY?"'),
        ),
        slip(
            "A shorter column beside an old one is not seen as a problem.",
            "columns of different length",
            ('"works": False', '"works": True'),
        ),
    ),
    "05.2": (
        slip(
            "Padding and truncation are written together, as everywhere.",
            "Is there still a `padding=`",
            ("truncation=True", "padding=True, truncation=True"),
        ),
        slip(
            "No text in the first batch was too long.",
            "nothing was truncated",
            ("truncation=True", "verbose=False"),
        ),
        slip(
            "The loader of the lesson's validation is copied.",
            "in the order of the dataset",
            (", shuffle=True", ""),
        ),
        slip(
            "The dataset is shuffled once, before the loader.",
            "every epoch has the same order",
            (
                "DataLoader(dataset, batch_size=batch_size, shuffle=True",
                "DataLoader(dataset.shuffle(seed=42), batch_size=batch_size",
            ),
        ),
        slip(
            "The default collating is believed to pad.",
            "nobody padded them together",
            (", collate_fn=collator", ""),
            ("return DataLoader(dataset,", 'return DataLoader(dataset.with_format("torch"),'),
        ),
    ),
    "05.3": (
        slip(
            "The mapping is taken for the number of the review.",
            "begins at 0 again with the next block",
            ("[indices[text] for text in origin]", "origin"),
        ),
        slip(
            "The labels are handed on as they are.",
            "one entry for each of the 4 texts",
            ('[rows["label"][text] for text in origin]', 'rows["label"]'),
        ),
        slip(
            "What overflows is not asked for.",
            "Which argument returns what overflows",
            (", return_overflowing_tokens=True", ""),
            ('encoding["overflow_to_sample_mapping"]', "range(len(indices))"),
        ),
        slip(
            "The stride is taken for the step from one window to the next.",
            "not the step from one to the next",
            ("stride=stride", "stride=length - 2 - stride"),
        ),
        slip(
            "Windows are numbered instead of reviews.",
            "`review` counts the windows",
            ("[indices[text] for text in origin]", "list(range(len(origin)))"),
        ),
    ),
    "05.4": (
        slip(
            "Tokens are added up, and padding is not thought of.",
            "but its padding does not",
            ("(len(current) + 1) * lengths[row] > budget", "sum(lengths[r] for r in current) + lengths[row] > budget"),
        ),
        slip(
            "The row is added first, and the budget asked for afterwards.",
            "ask *before* you add the row",
            ("(len(current) + 1) * lengths[row]", "len(current) * lengths[current[-1]]"),
        ),
        slip(
            "The batch that is still in hand after the loop is forgotten.",
            "the last one that is begun",
            ("    batches.append(current)\n    random", "    random"),
        ),
        slip(
            "The rows are taken as they come.",
            "Put rows of similar length together",
            ("sorted(range(len(lengths)), key=lambda row: lengths[row])", "range(len(lengths))"),
            (
                "(len(current) + 1) * lengths[row] > budget",
                "(len(current) + 1) * max(lengths[r] for r in [*current, row]) > budget",
            ),
        ),
        slip(
            "The order is thought to be random enough, since reviews are.",
            "Shuffle the *batches*",
            ("    random.Random(seed).shuffle(batches)\n", ""),
        ),
    ),
    "05.5": (
        instead(
            "The call that everybody uses is trusted.",
            "Does `train_test_split` look at texts, or at rows?",
            'leaking = {"C", "D", "G"}',
        ),
        instead(
            "Two seeds and two ranges look like two different parts.",
            "Can a review be early in one and late in the other",
            'leaking = {"A", "C", "G"}',
        ),
        instead(
            "Heads and tails share no words, so they are believed to share nothing.",
            "the head and the tail of a review",
            'leaking = {"A", "C", "D"}',
        ),
        instead(
            "Everything that is cut seems to leak.",
            "Can windows of a review still land on both sides",
            'leaking = {"A", "B", "C", "D", "G"}',
        ),
    ),
}
