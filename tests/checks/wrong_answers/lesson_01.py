"""Wrong answers to the exercises of lesson 01."""

from wrong_answers import instead, slip

WRONG = {
    "01.1": (
        instead(
            "The pieces are counted as `tokenize` shows them.",
            "put around every text",
            "counts = [3, 6, 5, 0, 6]",
        ),
        instead("A token is taken for a word.", "numbers of words", "counts = [1, 2, 1, 0, 2]"),
        instead(
            "A pair is counted like two calls.",
            "right for two calls",
            "counts = [5, 8, 7, 2, 10]",
        ),
        instead(
            "Two exclamation marks are taken for one token.",
            "Is each punctuation mark counted",
            "counts = [5, 8, 6, 2, 9]",
        ),
        instead(
            "Where nothing goes in, nothing is expected to come out.", "nothing goes in", "counts = [5, 8, 7, 0, 9]"
        ),
    ),
    "01.2": (
        slip(
            "The slip of the function above is kept: the names are so alike.",
            "Words and tokens are counted separately",
            ("char_to_token", "char_to_word"),
        ),
        slip(
            "A space is not thought of.",
            "A space belongs to no token",
            ("return None if index is None else encoding.tokens()[index]", "return encoding.tokens()[index]"),
        ),
        slip(
            "The number that `char_to_token` returns is taken for the token.",
            "Return the token itself",
            ("return None if index is None else encoding.tokens()[index]", "return index"),
        ),
        slip(
            "`tokenize` also returns tokens, so its list is used.",
            "The encoding counts [CLS] as token 0",
            ("encoding.tokens()[index]", "tokenizer.tokenize(text)[index]"),
        ),
    ),
    "01.3": (
        instead(
            "The model gets the mask, and the job seems done.",
            "the mean still runs over the padding",
            """
            def sentence_vectors(texts):
                encoding = tokenizer(texts, padding=True, return_tensors="pt")
                with torch.no_grad():
                    hidden = model(**encoding).last_hidden_state
                return hidden.mean(dim=1)
            """,
        ),
        slip(
            "The mean gets the mask, and the call of the model is left as it was.",
            "the model still looks at it",
            ("model(**encoding)", 'model(encoding["input_ids"])'),
        ),
        slip(
            "Padding that is zero seems to be out of the mean.",
            "divided by the length of the longest sentence",
            ("(hidden * mask).sum(dim=1) / mask.sum(dim=1)", "(hidden * mask).mean(dim=1)"),
        ),
        slip(
            "The mask is multiplied as it is.",
            "give the mask a third dimension",
            (".unsqueeze(-1)", ""),
        ),
    ),
    "01.4": (
        instead(
            "Words are what `split` returns.",
            "the words between spaces",
            """
            def tokens_of_words(text):
                return [(word, tokenizer.tokenize(word)) for word in text.split()]
            """,
        ),
        instead(
            "A dictionary collects the tokens of a word most easily.",
            "a text may use a word twice",
            """
            def tokens_of_words(text):
                encoding = tokenizer(text)
                words = {}
                for token, number in zip(encoding.tokens(), encoding.word_ids()):
                    if number is not None:
                        start, end = encoding.word_to_chars(number)
                        words.setdefault(text[start:end], []).append(token)
                return words
            """,
        ),
        instead(
            "The pieces are glued together again.",
            "have lost their capitals",
            """
            def tokens_of_words(text):
                words = []
                for token in tokenizer.tokenize(text):
                    if token.startswith("##"):
                        word, tokens = words[-1]
                        words[-1] = (word + token[2:], [*tokens, token])
                    else:
                        words.append((token, [token]))
                return words
            """,
        ),
        slip(
            "None is forgotten, and asked for its characters.",
            "holds None for special tokens",
            ("        if number is None:  # a special token\n            continue\n", ""),
            ("if number == len(words)", "if number is None or number == len(words)"),
        ),
    ),
    "01.5": (
        slip(
            "The chosen tokens are marked in the order of the text.",
            "begin with the last token",
            ("sorted(chosen, reverse=True)", "sorted(chosen)"),
        ),
        slip(
            "Special tokens are not thought of.",
            "special tokens come from no characters",
            (
                '        if end > start:\n            text = text[:start] + "[" + text[start:end] + "]" + text[end:]',
                '        text = text[:start] + "[" + text[start:end] + "]" + text[end:]',
            ),
        ),
        instead(
            "The function above is mended at its end: the pieces are decoded after all.",
            "as soon as tokens are decoded",
            """
            def mark(text, chosen):
                ids = tokenizer(text)["input_ids"]
                pieces = [tokenizer.decode([id]) for id in ids]
                marked = [f"[{piece}]" if index in chosen else piece for index, piece in enumerate(pieces)]
                return " ".join(marked[1:-1]).replace(" ##", "").replace("##", "")
            """,
        ),
        instead(
            "The letters of the token are searched for in the text.",
            "was searched for",
            """
            def mark(text, chosen):
                offsets = tokenizer(text, return_offsets_mapping=True)["offset_mapping"]
                marked = text
                for start, end in [offsets[index] for index in chosen]:
                    if end > start:
                        marked = marked.replace(text[start:end], f"[{text[start:end]}]")
                return marked
            """,
        ),
    ),
    "01.6a": (
        slip(
            "The initial alphabet looks like an option that one may leave out.",
            "takes an `initial_alphabet`",
            ("initial_alphabet=alphabet, ", ""),
        ),
        slip(
            "Decoders are taken for something that only display needs.",
            "which undoes the pre-tokenizer",
            ("bpe.decoder = decoders.ByteLevel()\n", ""),
        ),
        slip(
            "The unknown token is left out of the trainer.",
            "needs an `unk_token`",
            ('unk_token="<unk>", ', ""),
        ),
        slip(
            "`train_from_iterator` is expected to return what it trained.",
            "returns None",
            ("bpe.train_from_iterator", "bpe = bpe.train_from_iterator"),
        ),
    ),
    "01.6b": (
        slip(
            "The fraction is turned round.",
            "This is words per token",
            (
                "sum(len(tokenizer.encode(text).ids) for text in held_out_texts) / words",
                "words / sum(len(tokenizer.encode(text).ids) for text in held_out_texts)",
            ),
        ),
        slip(
            "The unknown is looked for among the tokens, where Unigram does not show it.",
            "only their id says that they are unknown",
            (
                'unknown_ids = [tokenizer.token_to_id("[UNK]"), tokenizer.token_to_id("<unk>")]\n'
                "    return any(id in unknown_ids for id in tokenizer.encode(text).ids)",
                'return bool({"[UNK]", "<unk>"} & set(tokenizer.encode(text).tokens))',
            ),
        ),
        slip(
            "Capitals seem not to matter for whether a text comes back.",
            "Exactly means with `==`",
            (
                "return tokenizer.decode(tokenizer.encode(text).ids) == text",
                'return tokenizer.decode(tokenizer.encode(text).ids).lower().replace(" ", "") == text.lower().replace(" ", "")',
            ),
        ),
    ),
}
