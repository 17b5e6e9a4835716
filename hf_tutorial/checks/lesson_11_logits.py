"""What a masked-language model says at the masks of a text, read rightly or wrongly: for the checks of lesson 11."""

from collections.abc import Callable
from typing import Any

from hf_tutorial.checks.models import tiny
from hf_tutorial.checks.verdict import Wrong

Pair = tuple[str, float]
Rows = list[list[Pair]]


def require_eval(model: Any) -> None:
    if model.training:
        raise Wrong("The model is in training mode, so its answers are partly random. `model.eval()` brings it back.")


def with_masks(texts: tuple[str, ...], tokenizer: Any) -> list[str]:
    return [text.replace("{}", tokenizer.mask_token) for text in texts]


def small_model(tokenizer: Any) -> Any:
    """Return a small random BERT with this tokenizer's vocabulary, whose guesses differ from place to place."""
    return tiny("BertForMaskedLM", vocab_size=len(tokenizer), max_position_embeddings=64, initializer_range=0.5)


def judge_with_any_model(judge: Callable[[Any], None], model: Any, tokenizer: Any) -> None:
    """Judge a function with the student's model, then with a small one, which shows whether it uses the one it is given."""
    judge(model)
    try:
        judge(small_model(tokenizer))
    except Wrong as reason:
        raise Wrong(
            f"For your own model the answer is right, but not for another one that is passed in: {reason} Does the "
            "function use the `model` that it is given?"
        ) from reason


class Looking:
    """The logits of `model` for a text, and what can be read from them, rightly or wrongly."""

    def __init__(self, model: Any, tokenizer: Any) -> None:
        self.model, self.tokenizer = model, tokenizer

    def logits(self, text: str) -> tuple[Any, list[int]]:
        """Return the logits (places, vocabulary) of `text`, and the places of its masks."""
        return self.logits_of(self.tokenizer(text)["input_ids"])

    def logits_of(self, ids: list[int]) -> tuple[Any, list[int]]:
        import torch

        with torch.no_grad():
            logits = self.model(torch.tensor([ids], device=self.model.device)).logits[0].float().cpu()
        return logits, [place for place, id in enumerate(ids) if id == self.tokenizer.mask_token_id]

    def pairs(self, scores: Any, top_k: int) -> list[Pair]:
        """Return the `top_k` words with the highest `scores`, and these scores."""
        best = scores.topk(top_k)
        words = [self.tokenizer.decode([id]) for id in best.indices.tolist()]
        return list(zip(words, best.values.tolist(), strict=True))

    def best(self, text: str, top_k: int, shift: int = 0) -> Rows:
        """Return the right answer, or what stands `shift` places beside it."""
        logits, places = self.logits(text)
        return [self.pairs(logits[(place + shift) % len(logits)].softmax(dim=-1), top_k) for place in places]

    def over_places(self, text: str, top_k: int, shift: int = 0) -> Rows:
        logits, places = self.logits(text)
        return [self.pairs(logits.softmax(dim=0)[(place + shift) % len(logits)], top_k) for place in places]

    def at(self, text: str, top_k: int, place: int) -> Rows:
        """Return what the model says at one and the same place, for every mask."""
        logits, places = self.logits(text)
        return [self.pairs(logits[place].softmax(dim=-1), top_k) for _ in places]

    def scored(self, text: str, top_k: int, score: Callable[[Any], Any]) -> Rows:
        """Return the right words with another number than their probability."""
        logits, places = self.logits(text)
        return [self.pairs(score(logits[place]), top_k) for place in places]

    def among_chosen(self, text: str, top_k: int) -> Rows:
        """Return the right words, with numbers that add up to 1 among themselves."""
        rows = []
        for row in self.best(text, top_k):
            total = sum(share for _, share in row)
            rows.append([(word, share / total) for word, share in row])
        return rows

    def one_by_one(self, text: str, top_k: int) -> Rows:
        """Return the answer of whoever fills each mask before looking at the next."""
        ids, rows = list(self.tokenizer(text)["input_ids"]), []
        while self.tokenizer.mask_token_id in ids:
            logits, places = self.logits_of(ids)
            rows.append(self.pairs(logits[places[0]].softmax(dim=-1), top_k))
            ids[places[0]] = int(logits[places[0]].argmax())
        return rows
