"""Wrong answers to the exercises of lesson 06."""

from wrong_answers import instead, slip

WRONG = {
    "06.1": (
        slip(
            "3 · 1,000 / 16 is computed, which lets the epochs run into each other.",
            "Each epoch ends with a batch of its own",
            ('"steps": 189', '"steps": 188'),
        ),
        slip(
            "Only full batches are counted.",
            "these are the full batches alone",
            ('"steps": 189', '"steps": 186'),
        ),
        slip(
            "The rate is expected to be highest at first.",
            "highest at the end of the warm-up",
            ('"first rate": 0', '"first rate": peak'),
        ),
        slip(
            "The warm-up is forgotten where the rate is worked out.",
            "the highest rate, which is reached when the warm-up ends",
            ('"rate": 1e-4', '"rate": peak'),
        ),
        slip(
            "A tenth is rounded, not rounded down.",
            "rounded up",
            ('"warm-up": 18', '"warm-up": 19'),
        ),
    ),
    "06.2": (
        slip(
            "The sum begins where the function begins, as in the old notebook.",
            "set it to zero before each validation",
            ("    losses, best = [], None\n", "    loss, losses, best = 0.0, [], None\n"),
            ("        loss, texts = 0.0, 0\n", "        texts = 0\n"),
        ),
        slip(
            "`no_grad` is taken to switch dropout off as well.",
            "validates in training mode",
            ("        model.eval()\n", ""),
        ),
        slip(
            "`train()` is said once, before the loop.",
            "From the second epoch on",
            ("        model.train()\n", ""),
            ("    losses, best = [], None\n", "    losses, best = [], None\n    model.train()\n"),
        ),
        slip(
            "The losses of the batches are averaged, as everywhere.",
            "Every batch counts the same",
            (' * len(batch["labels"])', ""),
            ("loss / texts", "loss / len(validation_batches)"),
        ),
        slip(
            "`state_dict()` is believed to be a copy.",
            "the model's own tensors",
            ("{name: tensor.clone() for name, tensor in model.state_dict().items()}", "model.state_dict()"),
        ),
    ),
    "06.3": (
        instead(
            "The errors of the two shares are put together, as in every textbook for two samples.",
            "judged on *different* texts",
            """
            def difference(first, second):
                n = len(first)
                a, b = sum(first) / n, sum(second) / n
                reach = 1.96 * (a * (1 - a) / n + b * (1 - b) / n) ** 0.5
                return 100 * (b - a), 100 * (b - a - reach), 100 * (b - a + reach)
            """,
        ),
        instead(
            "Both intervals are added.",
            "the sum of two intervals",
            """
            def difference(first, second):
                n = len(first)
                a, b = sum(first) / n, sum(second) / n
                reach = 1.96 * ((a * (1 - a) / n) ** 0.5 + (b * (1 - b) / n) ** 0.5)
                return 100 * (b - a), 100 * (b - a - reach), 100 * (b - a + reach)
            """,
        ),
        slip("√n is forgotten.", "not divided by √n", (" / len(first) ** 0.5", "")),
        slip("The 1.96 is forgotten.", "one standard error to each side", ("1.96 * ", "")),
        slip(
            "The difference is treated as a share.",
            "has three values",
            ("differences.std(correction=0).item()", "(middle * (1 - middle)) ** 0.5"),
        ),
        slip(
            "Only the texts on which the two disagree are kept.",
            "They count as 0",
            ("    middle =", "    differences = differences[differences != 0]\n    middle ="),
        ),
    ),
    "06.4": (
        instead(
            "The losses are added up as they come, as above.",
            "Each is that of a *mean*",
            """
            def accumulated_step(model, optimizer, pieces):
                total = 0.0
                for piece in pieces:
                    loss = model(**piece).loss
                    loss.backward()
                    total += loss.item() * len(piece["labels"])
                optimizer.step()
                optimizer.zero_grad()
                return total / sum(len(piece["labels"]) for piece in pieces)
            """,
        ),
        slip(
            "Each loss is divided by the number of pieces, as one sees it most often.",
            "Every piece counts the same",
            (' * len(piece["labels"]) / texts', " / len(pieces)"),
        ),
        slip(
            "The loop of every training is written: clear, backward, step.",
            "Gradients add up by themselves",
            (
                "        total += loss.item()\n    optimizer.step()",
                "        total += loss.item()\n        optimizer.step()",
            ),
        ),
        slip(
            "The gradients are cleared before each `backward()`, by habit.",
            "Only the last piece counts",
            ("        loss.backward()", "        optimizer.zero_grad()\n        loss.backward()"),
        ),
        slip(
            "The losses are added up as tensors.",
            "holds on to the graph of each piece",
            ("loss.item()", "loss"),
        ),
    ),
    "06.5": (
        slip(
            "A rising validation loss is overfitting, always.",
            "its validation loss climbs by nearly the same amount",
            ('1: "C"', '1: "C"'),
            ('2: "E"', '2: "D"'),
            ('4: "D"', '4: "E"'),
        ),
        slip(
            "Run 2 has the higher validation loss, so it seems the one that has learned by heart.",
            "falls to almost nothing",
            ('1: "C"', '1: "E"'),
            ('2: "E"', '2: "C"'),
        ),
        slip(
            "A rate that is too large and one that is too small are mixed up.",
            "far above ln 2",
            ('4: "D"', '4: "B"'),
            ('5: "B"', '5: "D"'),
        ),
        slip(
            "A calm fall of both is taken for learning too slowly.",
            "still falling at the end",
            ('3: "A"', '3: "B"'),
            ('5: "B"', '5: "A"'),
        ),
    ),
}
