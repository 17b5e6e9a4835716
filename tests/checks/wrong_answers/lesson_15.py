"""Wrong answers to the exercises of lesson 15."""

from wrong_answers import instead, slip

WRONG = {
    "15.1": (
        slip(
            "A missing mask is believed to be noticed by somebody.",
            "about C: no ValueError comes; which line could notice",
            ('"C": None', '"C": "ValueError"'),
        ),
        slip(
            "Rows of different length are taken for a matter of types.",
            "about A: the rows have different lengths",
            ('"A": "ValueError"', '"A": "TypeError"'),
        ),
        slip(
            "An id that is not in the vocabulary is taken for a key that is not in a dictionary.",
            "rows are looked up by their number",
            ('"D": "IndexError"', '"D": "KeyError"'),
        ),
        slip(
            "Every mistake with shapes seems to be a ValueError.",
            "torch has one type for nearly all of its own errors",
            ('"B": "RuntimeError"', '"B": "ValueError"'),
        ),
        slip(
            "A None is connected with the message about `backward`.",
            "no labels were passed",
            ('"E": "TypeError"', '"E": "AttributeError"'),
        ),
        slip(
            "`Exception` is right of everything.",
            "Name the type that stands in the last line",
            ('"F": "AttributeError"', '"F": "Exception"'),
        ),
    ),
    "15.2": (
        instead(
            "The last line of the text is taken for the name and all of the message.",
            "has several lines: the name stands in its first",
            r"""
            def read_traceback(text, own):
                error, _, message = text.strip().splitlines()[-1].partition(": ")
                lines = [int(number) for number in re.findall(rf'File "{own}", line (\d+)', text)]
                return {"error": error, "message": message, "line": lines[-1] if lines else None, "cause": None}
            """,
        ),
        slip(
            "Only the first line of the message is kept.",
            "A message can have several lines",
            ('(first + "\\n" + "".join(lines[end + 1 :])).strip()', "first"),
        ),
        slip(
            "The first frame of one's own is taken, as one meets it first when reading down.",
            "the highest of your own frames",
            ("numbers[-1]", "numbers[0]"),
        ),
        slip(
            "The lowest frame is believed to have the largest number.",
            "whatever its number is",
            ("int(numbers[-1])", "max(map(int, numbers))"),
        ),
        slip(
            "A file is recognised by the end of its name.",
            "lies in another folder",
            (r'File "{re.escape(own)}"', r'File "[^"]*{re.escape(own)}"'),
        ),
        slip(
            "The frames are read where the text begins.",
            "belongs to an earlier exception of the chain",
            ("frames, error, message", "error, message"),
            ("parts(blocks[-1])", "parts(blocks[-1])[1:]"),
            ("numbers = re.findall", "frames = parts(blocks[0])[0]\n    numbers = re.findall"),
        ),
        slip(
            "What `re` finds is handed on as it is.",
            "`int(…)` makes one",
            ("int(numbers[-1])", "numbers[-1]"),
        ),
        slip(
            "The last exception is taken for the cause.",
            "The cause is the exception that is printed first",
            ("parts(blocks[0])[1] if", "parts(blocks[-1])[1] if"),
        ),
    ),
    "15.3": (
        slip(
            "The tokenizer's own message is followed, and the model is forgotten.",
            "4 of the 5 faults are mended. The next: the tokenizer can pad now, but the *model*",
            ("    model.config.pad_token_id = tokenizer.pad_token_id\n", ""),
        ),
        slip(
            "The padding of the batch is taken out, since it raises.",
            "Rows of different length need `padding=True`",
            ("    if tokenizer.pad_token is None:\n        tokenizer.pad_token = tokenizer.eos_token\n", ""),
            ("tokenizer(texts, padding=True,", "tokenizer(texts,"),
        ),
        slip(
            "Stars are made whole numbers, and still begin at 1.",
            "Stars begin at 1; where do the 4 classes",
            ("int(star) - 1", "int(star)"),
        ),
        slip(
            "One is taken off, and the floats stay.",
            "the labels are floats",
            ("int(star) - 1", "star - 1"),
        ),
        slip(
            "Labels are cut off where they are too large.",
            "classes are mixed up",
            ("int(star) - 1", "min(int(star), 3)"),
        ),
        slip(
            "The stars of the batch are numbered anew, as if it held all that there are.",
            "whichever stars a batch happens to hold",
            ("int(star) - 1", "sorted(set(stars)).index(star)"),
        ),
        slip(
            "The batch is moved, and the labels are made on the CPU.",
            "`labels` would stay on the cpu",
            (", device=model.device)", ")"),
        ),
        slip(
            "A new token is added, as the message offers second.",
            "beyond the model's vocabulary",
            ("tokenizer.pad_token = tokenizer.eos_token", 'tokenizer.add_special_tokens({"pad_token": "[PAD]"})'),
        ),
        slip(
            "The model is moved to where the batch is, instead of the other way round.",
            "the step moves the model",
            ("    if tokenizer", '    model.to("cpu")\n    if tokenizer'),
        ),
    ),
    "15.4": (
        slip(
            "The largest id is compared with the number of ids.",
            "The vocabulary has 50 ids, and they begin at 0",
            ("ids.max() >= config.vocab_size", "ids.max() > config.vocab_size"),
        ),
        slip(
            "Every configuration is believed to have a number of positions.",
            "Not every configuration has this number",
            ('getattr(config, "max_position_embeddings", None)', "config.max_position_embeddings"),
        ),
        slip(
            "Every batch is believed to have a mask.",
            "Not every batch has a mask",
            ('batch.get("attention_mask")', 'batch["attention_mask"]'),
        ),
        slip(
            "Labels are compared with their number.",
            "Three labels are 0, 1 and 2",
            ("labels.max() >= config.num_labels", "labels.max() > config.num_labels"),
        ),
        slip(
            "The kind of labels is not asked for.",
            "A false alarm. This is scores for a model with one label",
            (
                'config.problem_type or ("regression" if config.num_labels == 1 else "single_label_classification")',
                '"single_label_classification"',
            ),
        ),
        slip(
            "Values are read before the devices are compared.",
            "before anything reads their values",
            ("    if elsewhere:", '    batch.get("labels", torch.zeros(1)).max().item()\n    if elsewhere:'),
        ),
        instead(
            "The batch is tried out: the model itself knows best.",
            "The function calls the model",
            """
            def problems(model, batch):
                try:
                    model(**batch)
                except Exception as error:
                    return [str(error)]
                return []
            """,
        ),
        slip(
            "The entries are compared with one another, and not with the model.",
            "Not found: a model on another device than the batch",
            ("tensor.device != model.device]", 'tensor.device != batch["input_ids"].device]'),
        ),
        slip(
            "Only the first fault is looked for.",
            "only one of the two is found",
            ("    return found", "    return found[:1]"),
        ),
        slip(
            "The sentence says what is wrong, and not of what.",
            "no sentence names the entry, `attention_mask`",
            ('f"attention_mask has the shape', 'f"the mask has the shape'),
        ),
    ),
    "15.5": (
        slip(
            "Every RuntimeError is taken for a lack of memory.",
            "It catches every `RuntimeError`",
            ('not isinstance(error, torch.OutOfMemoryError) and "out of memory" not in str(error)', "False"),
        ),
        slip(
            "Everything is caught, to be on the safe side.",
            "It catches every `Exception`",
            ("except RuntimeError as", "except Exception as"),
            ('not isinstance(error, torch.OutOfMemoryError) and "out of memory" not in str(error)', "False"),
        ),
        slip(
            "Whatever speaks of CUDA is taken for a lack of memory.",
            "It catches every error of CUDA",
            ('"out of memory" not in', '"CUDA" not in'),
        ),
        slip(
            "Only the new type is known.",
            "older versions and other devices raise it",
            (' and "out of memory" not in str(error)', ""),
        ),
        slip(
            "Nobody asks what comes after 1.",
            "after 1 there is nothing left to try",
            ("            if size == 1:", "            if size < 0:"),
        ),
        instead(
            "The next try is made inside the `except` block.",
            "the exception, which holds on to the frames",
            """
            import gc

            def largest_batch_size(step, start):
                try:
                    step(start)
                    return start
                except RuntimeError as error:
                    if "out of memory" not in str(error):
                        raise
                    if start == 1:
                        raise RuntimeError("Not even a batch of 1 fits.") from error
                    gc.collect()
                    return largest_batch_size(step, start // 2)
            """,
        ),
        slip(
            "Memory is believed to be free as soon as the exception is gone.",
            "Call `gc.collect()` before the next try",
            ("        gc.collect()\n", ""),
        ),
        slip(
            "`/` makes floats.",
            "A batch size is a whole number",
            ("size //= 2", "size /= 2"),
        ),
    ),
}
