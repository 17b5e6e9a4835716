"""Wrong answers to the exercises of lesson 10."""

from wrong_answers import instead, slip

WRONG = {
    "10.1": (
        instead(
            "The decoder is believed to read what it should write.",
            "with padding for −100: each place would read what it should write",
            "read = [[450, 573, 481, 363, 1, 0, 0], [462, 571, 450, 573, 481, 363, 1]]",
        ),
        instead(
            "Everything is shifted, −100 too.",
            "The shift is right, but −100 is still there",
            "read = [[0, 450, 573, 481, 363, 1, -100], [0, 462, 571, 450, 573, 481, 363]]",
        ),
        instead(
            "The start token is put in front, and nothing falls out.",
            "Each row is one too long",
            "read = [[0, 450, 573, 481, 363, 1, 0, 0], [0, 462, 571, 450, 573, 481, 363, 1]]",
        ),
        instead(
            "The end token is expected to fall out of every row.",
            "The end token is missing among what is read",
            "read = [[0, 450, 573, 481, 363, 0, 0], [0, 462, 571, 450, 573, 481, 363]]",
        ),
    ),
    "10.2": (
        slip(
            "The labels are mended, and the decoder goes on reading them.",
            "−100 among them, which is no token",
            ('model.prepare_decoder_input_ids_from_labels(batch["labels"])', 'batch["labels"]'),
        ),
        slip(
            "The decoder reads the padded targets, as before.",
            "it learns to copy",
            ('model.prepare_decoder_input_ids_from_labels(batch["labels"])', 'labels["input_ids"]'),
        ),
        slip(
            "The shift is mended, and padding stays among the labels.",
            "Padding is still counted",
            ('labels["input_ids"].masked_fill(labels["attention_mask"] == 0, -100)', 'labels["input_ids"]'),
        ),
        instead(
            "Both are cut, as in many a loop for models whose targets begin with a start token.",
            "The labels lack the first token of each target",
            """
            def make_batch(sources, targets):
                batch = tokenizer(sources, padding=True, return_tensors="pt")
                ids = tokenizer(text_target=targets, padding=True, return_tensors="pt")["input_ids"]
                batch["decoder_input_ids"] = ids[:, :-1]
                batch["labels"] = ids[:, 1:].masked_fill(ids[:, 1:] == tokenizer.pad_token_id, -100)
                return batch
            """,
        ),
        slip(
            "The shift is made by hand, with `roll`.",
            "brings the last place of each row to its front",
            ('model.prepare_decoder_input_ids_from_labels(batch["labels"])', 'labels["input_ids"].roll(1, dims=1)'),
        ),
    ),
    "10.3": (
        slip(
            "T5 begins with 0, so 0 is written.",
            "It begins with padding",
            ("[model.config.decoder_start_token_id]", "[0]"),
        ),
        slip(
            "The logits of the first place are taken, as those of a classifier are.",
            "told by the *last* place",
            ("logits[0, -1]", "logits[0, 0]"),
        ),
        slip(
            "Only the number of tokens ends the loop.",
            "does not stop at the end token",
            (" and ids[-1] != tokenizer.eos_token_id", ""),
        ),
        slip(
            "The start token is counted with what is written.",
            "one token too early",
            ("len(ids) <= most", "len(ids) < most"),
        ),
        slip(
            "What is written already is believed to be remembered by the model.",
            "the decoder reads the last token alone",
            ("torch.tensor([ids], device", "torch.tensor([ids[-1:]], device"),
        ),
        instead(
            "An assistant completes the call that does it.",
            "That is `generate` itself",
            """
            def greedy(model, tokenizer, text, most):
                inputs = tokenizer(text, return_tensors="pt").to(model.device)
                return model.generate(**inputs, max_new_tokens=most, do_sample=False)[0].tolist()
            """,
        ),
    ),
    "10.4": (
        instead(
            "`attention.cross` is what one looks for.",
            "each name is one too early",
            """
            def looked_at(attention):
                cross = attention.cross.mean_heads()
                places = cross.matrix(cross.layers[-1], "mean").argmax(axis=-1)
                return [(token, cross.key_tokens[place]) for token, place in zip(cross.query_tokens, places)]
            """,
        ),
        slip(
            "All layers are averaged along with the heads.",
            "the mean over all layers",
            ('alignment.matrix(alignment.layers[-1], "mean")', "alignment.weights.mean(axis=(0, 1))"),
        ),
        slip(
            "`argmax` runs along the wrong axis.",
            "ran down the columns",
            ("argmax(axis=-1)", "argmax(axis=0)"),
        ),
        slip(
            "A single head is taken.",
            "the first head of the last layer alone",
            ("attention.alignment.mean_heads()", "attention.alignment"),
            ('"mean"', "0"),
        ),
        slip(
            "The number of the last layer is written down, as this model has it.",
            "not for that of another model",
            ("alignment.layers[-1]", "1"),
        ),
    ),
    "10.5": (
        instead(
            "A good number on held-out data is taken for a good number everywhere.",
            "in which years do all training days",
            'true_statements = {"A", "B", "C", "E"}',
        ),
        instead(
            "A better search is believed to find doubt.",
            "Can a better search find doubt",
            'true_statements = {"B", "C", "D", "E"}',
        ),
        instead(
            "A bright square is read as a proof.",
            "What would have to be tried",
            'true_statements = {"B", "C", "E", "F"}',
        ),
    ),
}
