"""Wrong answers to the exercises of lesson 14."""

from wrong_answers import instead, slip

WRONG = {
    "14.1": (
        slip(
            "`batch_size` is taken for the global batch, whatever the number of processes.",
            "Without `split_batches`, each process takes a batch of its own",
            ('"B": (32, 31)', '"B": (8, 125)'),
        ),
        slip(
            "`split_batches` is not looked at.",
            "shared out among the processes",
            ('"C": (8, 125)', '"C": (32, 31)'),
        ),
        slip(
            "Accumulation is believed to change nothing but memory.",
            "the pieces are missing",
            ('"D": (64, 15)', '"D": (32, 31)'),
        ),
        slip(
            "Steps and batch change places.",
            "The global batch comes first",
            ('"D": (64, 15)', '"D": (15, 64)'),
        ),
        slip(
            "What is left over is counted as a step.",
            "one step too many",
            ('"B": (32, 31)', '"B": (32, 32)'),
        ),
    ),
    "14.2": (
        slip(
            "`zero_grad` stays inside the loop.",
            "throws away what the others added",
            ("    model.zero_grad()\n", ""),
            ("        loss = model", "        model.zero_grad()\n        loss = model"),
        ),
        slip(
            "The number of pieces stays, as one sees it most often.",
            "a review of the short last piece counts twice as much",
            (' * len(piece["labels"]) / total', " / len(pieces)"),
        ),
        slip(
            "`zero_grad` is taken out of the loop, and not put before it.",
            "The gradient of an earlier step is still in it",
            ("    model.zero_grad()\n", ""),
        ),
        slip(
            "The gradient is mended, and the loss of the last piece returned.",
            "it is the last piece's loss after weighting",
            ("return mean", "return loss.item()"),
        ),
        slip(
            "The losses are added up as tensors.",
            "holds on to the graph of each piece",
            ("mean += loss.item()", "mean += loss"),
        ),
    ),
    "14.3": (
        slip(
            "Adam is believed to keep one average.",
            "are 4 too few",
            ("trained * 16", "trained * 12"),
        ),
        slip(
            "`bits` is believed to hold for all parameters.",
            "in fp32 each, whatever the frozen ones have",
            ("trained * 16", "trained * 4 * bits / 8"),
        ),
        slip("Bits are taken for bytes.", "divide by 8", ("frozen * bits / 8", "frozen * bits")),
        slip(
            "The brackets are forgotten, so that only the last part is divided.",
            "Only the trained parameters are shared out",
            ("(frozen * bits / 8 + trained * 16) / gpus / 1e9", "(frozen * bits / 8 + trained * 16 / gpus) / 1e9"),
        ),
        slip(
            "Bytes are whole numbers, so `//` is written.",
            "rounds them down to nothing",
            ("frozen * bits / 8", "frozen * (bits // 8)"),
        ),
        slip(
            "A gigabyte is taken for 2**30 bytes.",
            "gibibyte",
            ("1e9", "2**30"),
        ),
    ),
    "14.4": (
        slip(
            "The codes are cut off by the type.",
            "cut off, not rounded",
            (".round()", ""),
        ),
        slip(
            "Four bits seem to reach from −8 to 8.",
            "The largest weights' codes did not fit",
            ("keepdim=True) / 7).half()", "keepdim=True) / 8).half()"),
            (".clamp(-7, 7)", ""),
        ),
        slip(
            "Each code gets a byte of its own.",
            "Put two codes into each byte",
            ("codes[:, ::2] | codes[:, 1::2] << 4, scale", "codes, scale"),
        ),
        slip(
            "The codes are put back half by half instead of side by side.",
            "in another order",
            ("torch.stack([packed & 15, packed >> 4], dim=-1)", "torch.cat([packed & 15, packed >> 4], dim=-1)"),
        ),
        slip(
            "The first code of a byte is not taken out alone.",
            "Is each half of a byte taken out alone",
            ("packed & 15", "packed"),
        ),
        slip(
            "The largest weight is taken, and not the largest absolute one.",
            "largest *absolute* weight",
            ("blocks.abs().amax", "blocks.amax"),
        ),
        slip(
            "Negative codes are put into the bytes as they are.",
            "has no room for a sign",
            (" + 8  # 1 to 15: no byte holds a negative number", ""),
            ("(codes.float() - 8)", "codes.float()"),
        ),
    ),
    "14.5": (
        instead(
            "A schedule is believed to follow from the optimiser's rate.",
            "a new schedule begins at step 0",
            'true_statements = {"A", "B", "C", "D"}',
        ),
        instead(
            "The same global batch is believed to give the same weights.",
            "In which order are they added",
            'true_statements = {"A", "C", "D", "E"}',
        ),
        instead(
            "Steps that are lost at the kill seem to be lost for good.",
            "when the run goes on from it",
            'true_statements = {"A", "C", "D", "F"}',
        ),
        instead(
            "The weights are believed to be all that a step needs.",
            "what do Adam's averages hold",
            'true_statements = {"C", "D"}',
        ),
    ),
}
