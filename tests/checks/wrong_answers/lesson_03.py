"""Wrong answers to the exercises of lesson 03."""

from wrong_answers import instead, slip

WRONG = {
    "03.1": (
        slip(
            "There are as many entries as layers, one thinks.",
            "what goes into the first of them",
            ("1 + config.num_hidden_layers", "config.num_hidden_layers"),
        ),
        slip(
            "A loss for each text seems natural.",
            "the model returns their mean",
            ('"loss": ()', '"loss": (3,)'),
        ),
        slip(
            "The layers are taken for a dimension.",
            "the layers are no dimension of the tensor",
            (
                '"layer": (3, encoding["input_ids"].shape[1], config.hidden_size)',
                '"layer": (config.num_hidden_layers, 3, encoding["input_ids"].shape[1], config.hidden_size)',
            ),
        ),
        slip(
            "One number is written as a shape with a one.",
            "need not have a dimension",
            ('"loss": ()', '"loss": (1,)'),
        ),
    ),
    "03.2": (
        slip(
            "`no_grad` is taken to switch dropout off as well.",
            "Which line switches it off?",
            ("    model.eval()\n", ""),
        ),
        instead(
            "`eval` is taken to stop the graph as well.",
            "`eval()` does not stop that",
            """
            def evaluate(model, batches):
                model.eval()
                loss, right, texts = 0.0, 0, 0
                for batch in batches:
                    labels = batch["label"]
                    outputs = model(input_ids=batch["input_ids"], attention_mask=batch["attention_mask"], labels=labels)
                    loss += outputs.loss.item() * len(labels)
                    right += (outputs.logits.argmax(dim=-1) == labels).sum().item()
                    texts += len(labels)
                return {"loss": loss / texts, "accuracy": right / texts}
            """,
        ),
        instead(
            "The careful `if` of the function above stays, and with it the label that the model does not know.",
            "It knows `labels`, and ignores `label`",
            """
            def evaluate(model, batches):
                model.eval()
                loss, right, texts = 0.0, 0, 0
                with torch.no_grad():
                    for batch in batches:
                        outputs = model(**batch)
                        if outputs.loss is not None:
                            loss += outputs.loss.item() * len(batch["label"])
                        right += (outputs.logits.argmax(dim=-1) == batch["label"]).sum().item()
                        texts += len(batch["label"])
                return {"loss": loss / texts, "accuracy": right / texts}
            """,
        ),
        instead(
            "The means of the batches are averaged, as in most notebooks.",
            "every batch counts the same",
            """
            @torch.no_grad()
            def evaluate(model, batches):
                model.eval()
                loss, accuracy = 0.0, 0.0
                for batch in batches:
                    inputs = {name: tensor for name, tensor in batch.items() if name != "label"}
                    outputs = model(**inputs, labels=batch["label"])
                    loss += outputs.loss.item()
                    accuracy += (outputs.logits.argmax(dim=-1) == batch["label"]).float().mean().item()
                return {"loss": loss / len(batches), "accuracy": accuracy / len(batches)}
            """,
        ),
        instead(
            "`pop` renames a key in one line, in the batch itself.",
            "takes the labels out of the batches",
            """
            @torch.no_grad()
            def evaluate(model, batches):
                model.eval()
                loss, right, texts = 0.0, 0, 0
                for batch in batches:
                    batch["labels"] = batch.pop("label")
                    outputs = model(**batch)
                    loss += outputs.loss.item() * len(batch["labels"])
                    right += (outputs.logits.argmax(dim=-1) == batch["labels"]).sum().item()
                    texts += len(batch["labels"])
                return {"loss": loss / texts, "accuracy": right / texts}
            """,
        ),
    ),
    "03.3": (
        slip(
            "The largest logit of the table is taken off, not that of each row.",
            "Each row needs its own",
            ("logits.max(dim=-1, keepdim=True).values", "logits.max()"),
            ("largest.squeeze(-1)", "largest"),
        ),
        instead(
            "A small number keeps the logarithm away from 0, as one finds it everywhere.",
            "caps the loss of the worst mistakes",
            """
            def cross_entropy(logits, labels):
                probabilities = logits.softmax(dim=-1)
                return -(probabilities[torch.arange(len(labels)), labels] + 1e-9).log().mean()
            """,
        ),
        instead(
            "PyTorch's softmax does not overflow, so its logarithm seems safe.",
            "Do not go through the probability",
            """
            def cross_entropy(logits, labels):
                probabilities = logits.softmax(dim=-1)
                return -probabilities[torch.arange(len(labels)), labels].log().mean()
            """,
        ),
        slip(
            "The largest is taken off and forgotten.",
            "never put back",
            (" + largest.squeeze(-1)", ""),
        ),
        instead(
            "An assistant completes the line with the function that does it.",
            "PyTorch's own function",
            """
            def cross_entropy(logits, labels):
                return torch.nn.functional.cross_entropy(logits, labels)
            """,
        ),
    ),
    "03.4": (
        instead(
            "The attribute is set on the module, as above, and only the unit is mended.",
            "sets an attribute of that name on the module",
            """
            def freeze_body(model):
                model.base_model.requires_grad = False
                return sum(parameter.numel() for parameter in model.parameters() if parameter.requires_grad)
            """,
        ),
        instead(
            "The head is found by the name that it has in the models one knows.",
            "of the head",
            """
            def freeze_body(model):
                for name, parameter in model.named_parameters():
                    parameter.requires_grad = "classifier" in name
                return sum(parameter.numel() for parameter in model.parameters() if parameter.requires_grad)
            """,
        ),
        slip(
            "The body is frozen rightly, and the unit of the function above stays.",
            "how many tensors are left",
            (
                "sum(parameter.numel() for parameter in model.parameters() if parameter.requires_grad)",
                "len([parameter for parameter in model.parameters() if parameter.requires_grad])",
            ),
        ),
        slip(
            "What was frozen before is not thought of.",
            "also if it was frozen before",
            ("    model.requires_grad_(True)\n", ""),
        ),
        slip(
            "`eval` is taken to stop the learning.",
            "switches off dropout",
            ("model.base_model.requires_grad_(False)", "model.base_model.eval()"),
            ("    model.requires_grad_(True)\n", "    model.train()\n"),
        ),
    ),
    "03.5": (
        instead(
            "POSITIVE's own logit seems to be enough.",
            "compares it with 0",
            'true_statements = {"B", "C", "D", "F"}',
        ),
        instead(
            "Larger logits are taken for more certainty.",
            "a factor which all of them share cancels",
            'true_statements = {"A", "B", "D", "F"}',
        ),
        instead(
            "One logit is believed to be a classifier for two classes.",
            "learns the number and not the class",
            'true_statements = {"B", "D", "E", "F"}',
        ),
    ),
}
