"""Wrong answers to the exercises of lesson 13."""

from wrong_answers import instead, slip

WRONG = {
    "13.1": (
        slip(
            "The closing token is taken for something that the template writes.",
            "never learns to stop",
            ('"how many": 6, "places": [23, 24, 25, 40, 41, 42]', '"how many": 4, "places": [23, 24, 40, 41]'),
        ),
        slip(
            "The labels are shifted by hand, too.",
            "All are one too small",
            ("[23, 24, 25, 40, 41, 42]", "[22, 23, 24, 39, 40, 41]"),
        ),
        slip(
            "Only the last answer is an answer; everything before it is the prompt.",
            "the last answer alone",
            ('"how many": 6, "places": [23, 24, 25, 40, 41, 42]', '"how many": 3, "places": [40, 41, 42]'),
        ),
        slip(
            "A token is believed to be predicted where it stands.",
            "Which place comes before?",
            ('"first from": 22', '"first from": 23'),
        ),
        slip(
            "The line break behind the closing token seems to belong to the answer.",
            "comes from the template",
            (
                '"how many": 6, "places": [23, 24, 25, 40, 41, 42]',
                '"how many": 8, "places": [23, 24, 25, 26, 40, 41, 42, 43]',
            ),
        ),
    ),
    "13.2": (
        slip(
            "The labels are shifted by hand, as above.",
            "The model does that itself",
            (
                '[-100] * len(row["prompt"]) + row["answer"] + [-100] * missing',
                '([-100] * len(row["prompt"]) + row["answer"] + [-100] * missing)[1:] + [-100]',
            ),
        ),
        slip(
            "The prompt keeps its labels.",
            "the model would learn to write requests",
            ('[-100] * len(row["prompt"]) + row["answer"] + [-100] * missing', "tokens + [-100] * missing"),
        ),
        slip(
            "Padding is found by its id, and the closing token with it.",
            "Tell the two by their place",
            (
                "return {key: torch.tensor(values) for key, values in batch.items()}",
                "batch = {key: torch.tensor(values) for key, values in batch.items()}\n"
                '    batch["labels"][batch["labels"] == pad_id] = -100\n'
                "    return batch",
            ),
        ),
        slip(
            "The mask is made by comparing ids, as above.",
            "*inside* the conversation",
            ("[1] * len(tokens) + [0] * missing", "[int(id != pad_id) for id in tokens] + [0] * missing"),
        ),
        slip(
            "What is not learnt is taken for what is not read.",
            "it is 0 on the prompt",
            (
                "[1] * len(tokens) + [0] * missing",
                '[0] * len(row["prompt"]) + [1] * len(row["answer"]) + [0] * missing',
            ),
        ),
    ),
    "13.3": (
        slip(
            "The positions of the row are counted.",
            "The positions of a row run on",
            ("+= range(size)", '+= range(len(rows[-1]["position_ids"]), len(rows[-1]["position_ids"]) + size)'),
        ),
        slip(
            "The labels are taken as they were.",
            "A label predicts across a border",
            ('[-100, *example["labels"][1:]]', 'example["labels"]'),
        ),
        instead(
            "All examples are strung together and cut into blocks, as for pretraining.",
            "was cut or torn apart",
            """
            def pack(examples, length):
                tokens = [id for example in examples for id in example["input_ids"]]
                labels = [label for example in examples for label in [-100, *example["labels"][1:]]]
                places = [place for example in examples for place in range(len(example["input_ids"]))]
                return [
                    {
                        "input_ids": tokens[at : at + length],
                        "position_ids": places[at : at + length],
                        "labels": labels[at : at + length],
                    }
                    for at in range(0, len(tokens), length)
                ]
            """,
        ),
        slip(
            "A row may not be filled to its last place.",
            "is there a `<` where `<=` belongs",
            ("+ size > length", "+ size >= length"),
        ),
    ),
    "13.4": (
        slip(
            "Both matrices begin with zeros, to be safe.",
            "nothing would ever move",
            ("torch.randn(r, linear.in_features) / linear.in_features**0.5", "torch.zeros(r, linear.in_features)"),
        ),
        slip(
            "A is a tensor, and no parameter.",
            "Is the other one a tensor",
            (
                "nn.Parameter(torch.randn(r, linear.in_features) / linear.in_features**0.5)",
                "torch.randn(r, linear.in_features) / linear.in_features**0.5",
            ),
        ),
        slip("The scaling is forgotten.", "The scaling is missing", ("self.scaling = alpha / r", "self.scaling = 1.0")),
        slip(
            "The frozen layer is not frozen.",
            "is trained too",
            ("linear.requires_grad_(False)", "linear"),
        ),
        slip(
            "The correction is added to the frozen weight in place.",
            "the frozen weight was changed in place",
            (
                "    merged.weight.copy_(linear.weight + self.scaling * self.B @ self.A)",
                "    linear.weight += self.scaling * self.B @ self.A\n    merged.weight.copy_(linear.weight)",
            ),
        ),
        slip(
            "The bias is forgotten when merging.",
            "a new layer begins with a random bias",
            ("    if linear.bias is not None:\n        merged.bias.copy_(linear.bias)\n", ""),
        ),
    ),
    "13.5a": (
        slip(
            "Keys and values are believed to have as many heads as queries.",
            "It writes for fewer heads",
            ("config.num_key_value_heads", "config.num_attention_heads"),
        ),
        slip(
            "A state dict lists all weights, and a tied one twice.",
            "The embedding matrix is counted twice",
            ("for one in model.parameters()", "for one in model.state_dict().values()"),
        ),
        slip(
            "Adam's averages are counted, and the gradient forgotten.",
            "but there is a gradient too",
            ("(lora, 12 * lora)", "(lora, 8 * lora)"),
            ("(full, 12 * full)", "(full, 8 * full)"),
        ),
        slip(
            "The weights themselves are counted, too.",
            "*beside* the weights",
            ("(lora, 12 * lora)", "(lora, 16 * lora)"),
            ("(full, 12 * full)", "(full, 16 * full)"),
        ),
        slip(
            "The layers are forgotten.",
            "That is one layer",
            ("config.num_hidden_layers * sum", "sum"),
        ),
    ),
    "13.5b": (
        instead(
            "New requests are taken for requests of a new kind.",
            "What else could explain the right answers",
            'true = {"A", "B", "E", "F"}',
        ),
        instead(
            "62 is more than 56.",
            "Work out the interval",
            'true = {"A", "C", "E", "F"}',
        ),
        instead(
            "The form is taken for the task.",
            "What did this measure not look at",
            'true = {"A", "D", "E", "F"}',
        ),
        instead(
            "What a model has forgotten seems to be gone, adapter or not.",
            "the base weights are frozen",
            'true = {"A", "E"}',
        ),
    ),
}
