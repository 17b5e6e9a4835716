import pytest
import torch

from hf_tutorial import check


def step(
    *,
    pad="token",
    set_id=True,
    labels=lambda stars: [int(star) - 1 for star in stars],
    to=lambda model: model.device,
    padding=True,
    clear=True,
    move=True,
    give=lambda loss: loss.item(),
    **more,
):
    """Return a `training_step`, right unless an argument makes it wrong."""

    def training_step(model, tokenizer, optimizer, texts, stars):
        if pad == "token":
            tokenizer.pad_token = tokenizer.pad_token or tokenizer.eos_token
        elif pad and tokenizer.pad_token is None:
            tokenizer.add_special_tokens({"pad_token": "[PAD]"})
            if pad == "resize":
                model.resize_token_embeddings(len(tokenizer))
        if set_id:
            model.config.pad_token_id = tokenizer.pad_token_id
        batch = tokenizer(texts, padding=padding, return_tensors="pt").to(to(model))
        loss = model(**batch, labels=torch.tensor(labels(stars), device=to(model)), **more).loss
        if clear:
            optimizer.zero_grad()
        loss.backward()
        if move:
            optimizer.step()
        return give(loss)

    return training_step


def old_step(model, tokenizer, optimizer, texts, stars):
    batch = tokenizer(texts, padding=True, return_tensors="pt")
    loss = model(**batch, labels=torch.tensor(stars)).loss
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return loss.item()


def test_right_steps():
    assert check("15.3", step()).outcome == "right"
    assert check("15.3", step(give=lambda loss: loss)).outcome == "right"


def test_a_call_in_training_mode_is_right_too():
    def training_step(model, *rest):
        model.train()
        return step()(model, *rest)

    assert check("15.3", training_step).outcome == "right"


def elsewhere(model):
    return torch.device("cpu")


def clearing_late(model, tokenizer, optimizer, texts, stars):
    step(move=False)(model, tokenizer, optimizer, texts, stars)
    return step(clear=False)(model, tokenizer, optimizer, texts, stars)


def numbered_anew(stars):
    """Number the stars of this batch from 0, as if it held all that there are."""
    return [sorted(set(stars)).index(star) for star in stars]


def resizing_whenever_called(model, tokenizer, optimizer, texts, stars):
    tokenizer.add_special_tokens({"pad_token": "[PAD]"})
    model.resize_token_embeddings(len(tokenizer))
    return step()(model, tokenizer, optimizer, texts, stars)


def without_labels(model, tokenizer, optimizer, texts, stars):
    tokenizer.pad_token, model.config.pad_token_id = tokenizer.eos_token, 0
    return model(**tokenizer(texts, padding=True, return_tensors="pt")).logits.sum().item()


def reading_back(model, tokenizer, optimizer, texts, stars):
    """Right on a CPU and on a GPU; but on `meta` there are no values to print."""
    print(torch.tensor(stars, device=model.device).max().item())
    return step()(model, tokenizer, optimizer, texts, stars)


def stumbling(model, *rest):
    step()(model, *rest)
    raise ValueError("after all")


@pytest.mark.parametrize(
    ("answer", "diagnosis", "mended"),
    [
        (old_step, "The first fault: the tokenizer has no padding token", 0),
        (step(set_id=False), "4 of the 5 faults are mended. The next: the tokenizer can pad now, but the *model*", 4),
        (step(pad=None), "3 of the 5 faults are mended. The next: the tokenizer has no padding token", 3),
        (step(labels=lambda stars: [star - 1 for star in stars]), "the labels are floats", 4),
        (step(labels=lambda stars: stars), "3 of the 5 faults are mended. The next: the labels are floats", 3),
        (step(labels=lambda stars: [int(star) for star in stars]), "labels are out of range", 4),
        (step(labels=lambda stars: [min(int(star), 3) for star in stars]), "classes are mixed up", 4),
        (step(labels=numbered_anew), "for the stars [4, 1, 4, 2] the labels are [2, 0, 2, 1]", 4),
        (step(to=elsewhere), "`input_ids` and `attention_mask` and `labels` would stay on the cpu", 4),
        (step(to=lambda model: model.to("cpu").device), "the step moves the model", 4),
        (step(to=elsewhere, set_id=False), "3 of the 5 faults are mended. The next: the tokenizer can pad now", 3),
        (reading_back, "for a model on another device, the batch is not ready, since RuntimeError was raised", 4),
        (step(move=False), "no weight moves", 5),
        (clearing_late, "do not go where the mean loss of these texts takes them", 5),
        (step(give=lambda loss: None), "It should return its loss", 5),
        (step(give=lambda loss: 2 * loss.item()), "It should return its loss", 5),
        (stumbling, "The five faults are mended, but now", 5),
    ],
)
def test_the_next_fault_is_named_and_the_mended_ones_count(answer, diagnosis, mended):
    verdict = check("15.3", answer)
    assert verdict.outcome == "wrong"
    assert diagnosis in verdict.message
    assert verdict.credit == pytest.approx(mended / 6)


@pytest.mark.parametrize(
    ("answer", "diagnosis"),
    [
        (step(pad="new"), "beyond the model's vocabulary"),
        (step(pad="resize"), "makes the embedding larger"),
        (resizing_whenever_called, "makes the embedding larger"),
        (step(padding=False), "Rows of different length need `padding=True`"),
        (without_labels, "The model gets no `labels`"),
        (lambda *arguments: 1.0, "is never called"),
        (lambda model: 1.0, "raises TypeError"),
        (3, "Hand over the function itself"),
    ],
)
def test_other_wrong_steps(answer, diagnosis):
    verdict = check("15.3", answer)
    assert verdict.outcome == "wrong"
    assert diagnosis in verdict.message


def test_a_stub_is_not_done_yet():
    def training_step(model, tokenizer, optimizer, texts, stars): ...

    assert check("15.3", training_step).outcome == "not done yet"
