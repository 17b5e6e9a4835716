"""Wrong answers to the exercises of lesson 12."""

from wrong_answers import instead, slip

WRONG = {
    "12.1": (
        slip(
            "A number with zeros in front is meant as a text.",
            "zeros in front are lost",
            ('"number": "int64"', '"number": "string"'),
        ),
        slip("yes and no look like a bool.", "only True and False make a bool", ('"seen": "string"', '"seen": "bool"')),
        slip(
            "A missing cell is believed to leave whole numbers whole.",
            "whole numbers have no way to say so",
            ('"minutes": "float64"', '"minutes": "int64"'),
        ),
        slip(
            "n/a is a text, so the column seems to be one.",
            "one of the signs for a missing cell",
            ('"minutes": "float64"', '"minutes": "string"'),
        ),
        slip(
            "One cell that is no number is believed to become a missing one.",
            "a column has one type for all of its cells",
            ('"stars": "string"', '"stars": "float64"'),
        ),
    ),
    "12.2": (
        slip(
            "The column is asked for the row, as above.",
            "A loader asks for places",
            ("row = self.frame.iloc[place]", 'row = {name: self.frame[name][place] for name in ("source", "target")}'),
        ),
        slip(
            "Tensors are made at once, as everywhere.",
            "the collator makes the tensors",
            ('text_target=row["target"]', 'text_target=row["target"], return_tensors="pt"'),
        ),
        slip(
            "The target is passed as the second text, as above.",
            "counts as more source",
            ("text_target=", ""),
        ),
        slip(
            "`__len__` is forgotten: printing a row needs none.",
            "should return the number of rows",
            ("def __len__(self):\n    return len(self.frame)\n\n", ""),
        ),
    ),
    "12.3": (
        instead(
            "Pieces are known by their `##`.",
            "marks pieces inside a word",
            """
            def align(tokenizer, words, labels, all_pieces=False):
                encoding = tokenizer(words, is_split_into_words=True)
                aligned = []
                for token, word in zip(encoding.tokens(), encoding.word_ids()):
                    later = token.startswith("##") and not all_pieces
                    aligned.append(-100 if word is None or later else labels[word])
                return aligned
            """,
        ),
        slip(
            "Labels are handed out in order, one for each new word.",
            "Look the label up by the number of the word",
            ("    aligned, before = [], None\n", "    aligned, before, order = [], None, iter(labels)\n"),
            ("labels[word]", "next(order)"),
        ),
        slip(
            "`if word` is written for “is there a word”.",
            "`if word` takes 0 for false",
            ("word is None or", "not word or"),
        ),
        slip(
            "Every piece gets the label, whatever `all_pieces` says.",
            "Unless `all_pieces` is set",
            (" or (word == before and not all_pieces)", ""),
        ),
        slip(
            "None is used as a place in the list.",
            "None is no place in a list",
            ("word is None or ", ""),
        ),
    ),
    "12.4": (
        slip(
            "Labels are padded with 0, like everything else.",
            "0, which is a class",
            ('"labels": -100', '"labels": 0'),
        ),
        slip(
            "The mask is filled with ones, as it is everywhere else.",
            "the model would read it as text",
            ('"attention_mask": 0', '"attention_mask": 1'),
        ),
        slip(
            "0 is believed to be padding in every vocabulary.",
            "of BERT only",
            ('"input_ids": pad_id', '"input_ids": 0'),
        ),
        slip(
            "Tensors are made of the lists as they are.",
            "fill each up to the longest first",
            (" + [fill] * (width - len(row[name]))", ""),
        ),
        instead(
            "`+=` looks like `+`.",
            "the rows themselves were changed",
            """
            def collate(rows, pad_id):
                filling = {"input_ids": pad_id, "attention_mask": 0, "labels": -100}
                width = max(len(row["input_ids"]) for row in rows)
                for row in rows:
                    for name, fill in filling.items():
                        row[name] += [fill] * (width - len(row[name]))
                return {name: torch.tensor([row[name] for row in rows]) for name in filling}
            """,
        ),
    ),
    "12.5": (
        instead(
            "Labels that fit nothing are believed to be unlearnable.",
            "can be learnt by heart",
            'stays = {"A", "B", "C", "F"}',
        ),
        instead(
            "A loss without labels is believed to stay where it is.",
            "it is not there",
            'stays = {"A", "C", "E", "F"}',
        ),
        instead(
            "The optimizer is believed to move whatever model is called.",
            "Whose are they",
            'stays = {"A", "F"}',
        ),
        instead(
            "Two tokens seem to be enough to tell texts apart.",
            "which two tokens are left",
            'stays = {"A", "C"}',
        ),
    ),
}
