"""Wrong answers to the exercises of lesson 11."""

from wrong_answers import instead, slip

WRONG = {
    "11.1": (
        instead("`[CLS]` is not counted.", "counted without [CLS]", "places = [1, 13]"),
        instead(
            "Whatever says “mask” in brackets is taken for the mask.",
            "in small letters is no mask",
            "places = [2, 9, 14]",
        ),
        instead(
            "`[mask]` is taken for one token, as it looks.",
            "is not one token but three",
            "places = [2, 12]",
        ),
        instead("“HuggingFace” is one word, so it seems one token.", "is not one token but two", "places = [2, 13]"),
    ),
    "11.2": (
        slip(
            "The place is mended, and softmax left as it was.",
            "softmax runs over the places of the text",
            ("logits[0, place].softmax(dim=-1)", "logits.softmax(dim=1)[0, place]"),
        ),
        slip(
            "Softmax is mended, and the place left as it was.",
            "leaves [CLS] out",
            (
                '(encoding["input_ids"][0] == tokenizer.mask_token_id).nonzero().item()',
                "tokenizer.tokenize(text).index(tokenizer.mask_token)",
            ),
        ),
        slip(
            "The highest logit is returned as the probability.",
            "the numbers are logits",
            ("logits[0, place].softmax(dim=-1)", "logits[0, place]"),
        ),
        slip(
            "Softmax is moved along, and nothing is mended.",
            "Two things are wrong",
            (
                '(encoding["input_ids"][0] == tokenizer.mask_token_id).nonzero().item()',
                "tokenizer.tokenize(text).index(tokenizer.mask_token)",
            ),
            ("logits[0, place].softmax(dim=-1)", "logits[0].softmax(dim=0)[place]"),
        ),
    ),
    "11.3": (
        slip(
            "Special tokens are left out of the loss, and still hidden.",
            "[CLS], [SEP] and padding were hidden too",
            (
                'encoding["input_ids"].masked_fill(hidden, tokenizer',
                'encoding["input_ids"].masked_fill(chosen, tokenizer',
            ),
        ),
        slip(
            "The attention mask is taken for the mask of what may be hidden.",
            "takes them for text",
            ('~encoding["special_tokens_mask"].bool()', 'encoding["attention_mask"].bool()'),
        ),
        slip(
            "The ids are mended, and the labels left as they were.",
            "a token at every place",
            ('encoding["input_ids"].masked_fill(~hidden, -100)', 'encoding["input_ids"].clone()'),
        ),
        slip(
            "The labels are made from the ids that are masked already.",
            "the right answer is the mask itself",
            ('encoding["input_ids"].masked_fill(~hidden', "ids.masked_fill(~hidden"),
        ),
        slip(
            "Only special tokens are left out of the loss, as padding is elsewhere.",
            "Only the labels of special tokens are −100",
            ("masked_fill(~hidden, -100)", 'masked_fill(encoding["special_tokens_mask"].bool(), -100)'),
        ),
        slip(
            "The ids are changed in place.",
            "it makes no copy",
            (
                'ids = encoding["input_ids"].masked_fill(hidden, tokenizer.mask_token_id)\n    labels = encoding["input_ids"].masked_fill(~hidden, -100)',
                'ids = encoding["input_ids"]\n    labels = ids.masked_fill(~hidden, -100)\n    ids[hidden] = tokenizer.mask_token_id',
            ),
        ),
    ),
    "11.4": (
        instead(
            "One mask is thought of, as in the exercise before.",
            "`.item()` is for tensors with one number",
            """
            def fill_mask(model, tokenizer, text, top_k=5):
                encoding = tokenizer(text, return_tensors="pt")
                with torch.no_grad():
                    logits = model(**encoding).logits
                place = (encoding["input_ids"][0] == tokenizer.mask_token_id).nonzero().item()
                best = logits[0, place].softmax(dim=-1).topk(top_k)
                return [[(tokenizer.decode([id]), value) for id, value in zip(best.indices.tolist(), best.values.tolist())]]
            """,
        ),
        slip(
            "`topk` comes first, since softmax over few words is quicker.",
            "over the whole vocabulary, then choose",
            ("at_masks.softmax(dim=-1).topk(top_k)", "at_masks.topk(top_k)"),
            ("best.values.tolist()", "best.values.softmax(dim=-1).tolist()"),
        ),
        slip(
            "Softmax runs over the first dimension that is left.",
            "Along which dimension does the vocabulary lie",
            ("logits[encoding", "logits.softmax(dim=0)[encoding"),
            ("at_masks.softmax(dim=-1)", "at_masks"),
        ),
        instead(
            "Each mask is filled before the next is guessed.",
            "while the others are still covered",
            """
            def fill_mask(model, tokenizer, text, top_k=5):
                ids, rows = tokenizer(text, return_tensors="pt")["input_ids"], []
                while (ids[0] == tokenizer.mask_token_id).any():
                    place = (ids[0] == tokenizer.mask_token_id).nonzero()[0].item()
                    with torch.no_grad():
                        best = model(ids).logits[0, place].softmax(dim=-1).topk(top_k)
                    rows.append([(tokenizer.decode([id]), p) for id, p in zip(best.indices.tolist(), best.values.tolist())])
                    ids[0, place] = best.indices[0]
                return rows
            """,
        ),
        slip(
            "Ids are returned for words.",
            "makes a word of an id",
            ("tokenizer.decode([id])", "id"),
        ),
    ),
    "11.5": (
        slip(
            "The mask is forgotten: the logits at the place are there without it.",
            "Nothing was hidden",
            ("        masked[0, place] = tokenizer.mask_token_id\n", ""),
        ),
        slip(
            "The copy is made once, before the loop.",
            "stays hidden when the next one is asked for",
            ("    total = 0.0\n", "    total, masked = 0.0, ids.clone()\n"),
            ("        masked = ids.clone()\n", ""),
        ),
        slip(
            "Special tokens are tokens, too.",
            "say nothing about this one",
            ("range(1, ids.shape[1] - 1)", "range(ids.shape[1])"),
        ),
        slip(
            "A mean is returned, as a loss is.",
            "Here the sum is asked for",
            ("return total", "return total / (ids.shape[1] - 2)"),
        ),
        slip(
            "The best guess is asked for, as in the exercises before.",
            "the model holds likeliest",
            ("log_probabilities[ids[0, place]]", "log_probabilities.max()"),
        ),
        instead(
            "An assistant completes the model's own loss.",
            "the loss of the text as it stands",
            """
            def pseudo_log_likelihood(model, tokenizer, text):
                encoding = tokenizer(text, return_tensors="pt")
                with torch.no_grad():
                    return -model(**encoding, labels=encoding["input_ids"]).loss.item()
            """,
        ),
        slip(
            "The probabilities are added.",
            "Take the logarithm of each first",
            ("log_softmax", "softmax"),
        ),
    ),
    "11.6": (
        instead(
            "A statement about a model is read as one about the world.",
            "the model was asked, not the world",
            'true_statements = {"A", "B", "C", "E"}',
        ),
        instead(
            "The likeliest word is taken for the whole distribution.",
            "one of thousands",
            'true_statements = {"B", "C", "D", "E"}',
        ),
        instead(
            "A small number in the body is taken for a fair classifier.",
            "new head and new training data",
            'true_statements = {"B", "C", "E", "F"}',
        ),
    ),
}
