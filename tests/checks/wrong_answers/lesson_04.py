"""Wrong answers to the exercises of lesson 04."""

from wrong_answers import instead, slip

WRONG = {
    "04.1": (
        slip(
            "The layers are taken for the first dimension, where the batch is.",
            "the first dimension is not the layers",
            ("(2, 12, 11, 11)", "(6, 12, 11, 11)"),
        ),
        slip(
            "There are as many hidden states as layers, one thinks.",
            "what goes into the first of them",
            ('"states": 7', '"states": 6'),
        ),
        slip(
            "Padding is taken for something that has no weights.",
            "A padding token is a query too",
            ('"total": 264', '"total": 180'),
        ),
        slip(
            "Each map is thought to sum to 1, and not each of its rows.",
            "each *row* of a map sums to 1",
            ('"total": 264', '"total": 24'),
        ),
        slip(
            "Words are counted, and the pieces of one of them forgotten.",
            "Count special tokens, pieces and punctuation",
            ("(2, 12, 11, 11)", "(2, 12, 9, 9)"),
        ),
    ),
    "04.2": (
        slip(
            "sdpa is forgotten, and the error comes from an empty tuple.",
            "the model computes with sdpa",
            ('    model.set_attn_implementation("eager")\n', ""),
        ),
        slip(
            "Layer and text stay the wrong way round.",
            "index 0 of each is the text",
            ("outputs.attentions[layer][0]", "outputs.attentions[0][layer]"),
        ),
        slip(
            "The states that come out of the layer have the same shape.",
            "come *out* of it",
            ("outputs.hidden_states[layer][0]", "outputs.hidden_states[layer + 1][0]"),
        ),
        slip(
            "`no_grad` is taken to switch dropout off as well.",
            "dropout was on",
            ("    model.eval()\n", ""),
        ),
        slip(
            "The numbers are right, so nobody misses `no_grad`.",
            "a graph was recorded",
            ("with torch.no_grad():", "with torch.enable_grad():"),
        ),
    ),
    "04.3": (
        slip(
            "The root is taken of the hidden size, the width that one knows.",
            "the root of the whole hidden width",
            ("/ width**0.5", "/ model.config.hidden_size**0.5"),
        ),
        slip("The root is left out.", "not divided by the root", (" / width**0.5", "")),
        slip(
            "`view` brings the heads to the front at once.",
            "tokens and heads are mixed up",
            (
                "attention.q_lin(states)[0].view(-1, heads, width)[:, head]",
                "attention.q_lin(states)[0].view(heads, -1, width)[head]",
            ),
            (
                "attention.k_lin(states)[0].view(-1, heads, width)[:, head]",
                "attention.k_lin(states)[0].view(heads, -1, width)[head]",
            ),
        ),
        slip("Softmax runs over the first dimension.", "each *column* sums to 1", ("dim=-1", "dim=0")),
        slip(
            "The weight matrices are multiplied, and their bias forgotten.",
            "also add a bias",
            ("attention.q_lin(states)[0]", "(states[0] @ attention.q_lin.weight.T)"),
            ("attention.k_lin(states)[0]", "(states[0] @ attention.k_lin.weight.T)"),
        ),
    ),
    "04.4": (
        slip(
            "A token is also equal to itself.",
            "leave out the diagonal",
            (" & ~np.eye(len(tokens), dtype=bool)", ""),
        ),
        slip(
            "The mean runs over all tokens.",
            "Those that occur once have no other mention",
            ("onto_others[:, :, others.any(axis=-1)].mean(axis=-1)", "onto_others.mean(axis=-1)"),
        ),
        slip(
            "`argmax` returns one number, and it is taken for the head.",
            "counts through all layers and heads",
            ("layer, head = np.unravel_index(shares.argmax(), shares.shape)", "layer, head = 0, shares.argmax()"),
            ("float(shares[layer, head])", "float(shares.max())"),
        ),
        slip(
            "The largest single weight is taken for the head that links best.",
            "the largest single weight",
            ("onto_others[:, :, others.any(axis=-1)].mean(axis=-1)", "(attention.weights * others).max(axis=(-2, -1))"),
        ),
    ),
    "04.5": (
        slip(
            "The identity is left out: attention is all there is.",
            "The tokens' own half is missing",
            ("(0.5 * layer + 0.5 * identity)", "layer"),
        ),
        slip(
            "The residual connection adds, so the identity is added as a whole.",
            "nothing is halved",
            ("(0.5 * layer + 0.5 * identity)", "(layer + identity)"),
        ),
        slip(
            "The matrices are multiplied in the order in which they are read.",
            "in the wrong order",
            ("(0.5 * layer + 0.5 * identity) @ reached", "reached @ (0.5 * layer + 0.5 * identity)"),
        ),
        slip(
            "`*` is taken for the matrix product.",
            "multiplies number by number",
            ("    reached = identity\n", "    reached = 1\n"),
            (") @ reached", ") * reached"),
        ),
    ),
    "04.6": (
        instead(
            "Much weight is read as much need.",
            "Was anything changed",
            'true_statements = {"A", "B", "D", "F"}',
        ),
        instead(
            "What gets most weight is taken for important.",
            "much weight is no effect",
            'true_statements = {"B", "C", "D", "F"}',
        ),
        instead(
            "The same colour is read as the same value.",
            "every picture has a scale of its own",
            'true_statements = {"B", "D", "E", "F"}',
        ),
        instead(
            "*All* of the weight, in *every* head, sounds too strong to be true.",
            "how many keys are left",
            'true_statements = {"B", "D"}',
        ),
    ),
}
