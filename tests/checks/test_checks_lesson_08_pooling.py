import pytest
import small_models
import torch

from hf_tutorial import check


def check_embedding(function, model=None):
    return check("08.2", function, model=model or small_models.body(), tokenizer=small_models.tokenizer())


def run(texts, use_mask=True):
    encoding = small_models.tokenizer()(texts, padding=True, return_tensors="pt")
    given = encoding if use_mask else {**encoding, "attention_mask": torch.ones_like(encoding["input_ids"])}
    with torch.no_grad():
        outputs = small_models.body()(**given)
    return outputs, encoding["attention_mask"].unsqueeze(-1), encoding["input_ids"]


def pooling(pool, use_mask=True):
    """Make an `embed` of `pool`, which gets the states and the mask, (texts, places, 1)."""

    def embed(texts):
        outputs, mask, _ = run(texts, use_mask)
        return pool(outputs.last_hidden_state, mask)

    return embed


def mean(states, mask):
    return (states * mask).sum(dim=1) / mask.sum(dim=1)


def unit(vectors):
    return torch.nn.functional.normalize(vectors, dim=-1)


def one_by_one(texts):
    return torch.cat([pooling(mean)([text]) for text in texts])


def with_graph(texts):
    encoding = small_models.tokenizer()(texts, padding=True, return_tensors="pt")
    return mean(small_models.body()(**encoding).last_hidden_state, encoding["attention_mask"].unsqueeze(-1))


def without_specials(texts):
    outputs, mask, ids = run(texts)
    special = torch.isin(ids, torch.tensor(small_models.tokenizer().all_special_ids)).unsqueeze(-1)
    return mean(outputs.last_hidden_state, mask * ~special)


def unpadded(texts):
    return small_models.tokenizer()(texts, return_tensors="pt")


def test_right_embeddings():
    assert (
        check_embedding(pooling(mean)).message
        == "Each text has the vector that it has alone, whatever it is batched with."
    )
    assert check_embedding(pooling(lambda states, mask: unit(mean(states, mask)))).outcome == "right"
    assert check_embedding(one_by_one).outcome == "right"


def test_a_graph_that_is_kept_is_named():
    verdict = check_embedding(with_graph)
    assert (verdict.outcome, "without `torch.no_grad()`" in verdict.message) == ("right", True)


def test_a_model_in_training_mode_is_named():
    model = small_models.body()
    try:
        assert "in training mode" in check_embedding(pooling(mean), model.train()).message
    finally:
        model.eval()


@pytest.mark.parametrize(
    ("function", "diagnosis"),
    [
        (pooling(lambda states, mask: states.mean(dim=1)), "The mean still goes over the padding"),
        (pooling(lambda states, mask: unit(states.mean(dim=1))), "The mean still goes over the padding"),
        (pooling(lambda states, mask: (states * mask).mean(dim=1)), "adds nothing to the sum any more"),
        (pooling(lambda states, mask: states.sum(dim=1) / mask.sum(dim=1)), "the states of the padding are in the sum"),
        (pooling(lambda states, mask: (states * mask).sum(dim=1)), "This is the sum over the tokens"),
        (pooling(lambda states, mask: states.sum(dim=1)), "the sum over all places"),
        (pooling(lambda states, mask: (states * mask).sum(dim=1) / mask.sum()), "the tokens of all texts together"),
        (pooling(lambda states, mask: states[:, 0]), "the state of the first token alone"),
        (pooling(lambda states, mask: states[:, -1]), "the state at the last place"),
        (without_specials, "leaves out the special tokens"),
        (pooling(lambda states, mask: states.masked_fill(mask == 0, -9e9).amax(dim=1)), "at any place, not the mean"),
        (pooling(lambda states, mask: states.amax(dim=1)), "at any place, padding included"),
        (
            pooling(lambda states, mask: (states * (1 - mask)).sum(dim=1) / (1 - mask).sum(dim=1).clamp(min=1)),
            "the other way round",
        ),
        (lambda texts: run(texts)[0].pooler_output, "This is `pooler_output`"),
        (pooling(mean, use_mask=False), "The model itself reads the padding"),
        (pooling(lambda states, mask: states), "There is a vector for each token still"),
        (pooling(lambda states, mask: mean(states, mask).mean(dim=0)), "All texts together have one vector"),
        (pooling(lambda states, mask: states.mean(dim=-1)), "The mean went over the width"),
        (pooling(lambda states, mask: states[mask.squeeze(-1).bool()]), "forgets which text a token belongs to"),
        (pooling(lambda states, mask: states * mask.squeeze(-1)), "`unsqueeze(-1)` gives it a third dimension"),
        (pooling(lambda states, mask: mean(states, mask)[:2]), "Expected a tensor of shape (3, 16)"),
        (pooling(lambda states, mask: mean(states, mask) + 1), "Compare `embed` with one text and three"),
        (pooling(lambda states, mask: mean(states, mask).tolist()), "Expected one tensor with a row for each text"),
        (lambda texts: [one_by_one([text]) for text in texts], "How are they put together, one below the other?"),
        (unpadded, "only with `padding=True`"),
        (lambda: 1, "raises TypeError"),
    ],
)
def test_wrong_embeddings(function, diagnosis):
    verdict = check_embedding(function)
    assert verdict.outcome == "wrong"
    assert diagnosis in verdict.message
