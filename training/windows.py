"""Reviews as windows of whole sentences, and the masks on them."""

import random
import re
from collections.abc import Iterable, Sequence

Window = list[int]
# The windows with their masks, and for each the places that are masked.
Hidden = tuple[list[Window], list[list[int]]]


def sentences(text: str) -> list[str]:
    """Return the sentences of a review, without its HTML line breaks."""
    return [part for part in re.split(r"(?<=[.!?])\s+", re.sub(r"<br\s*/?>", " ", text).strip()) if part]


def windows_of(tokenizer, texts: Iterable[str], length: int, seed: int) -> list[Window]:
    """Return `texts` in windows of consecutive whole sentences, at most `length` tokens with [CLS] and [SEP].

    Three in ten windows are closed early, so that the model meets short texts too. A longer sentence is cut.
    """
    shuffler = random.Random(seed)
    room = length - tokenizer.num_special_tokens_to_add()
    windows: list[Window] = []
    for text in texts:
        current: Window = []
        limit = room
        for ids in tokenizer(sentences(text) or [""], add_special_tokens=False)["input_ids"]:
            if current and len(current) + len(ids) > limit:
                windows.append(current)
                current = []
                limit = shuffler.randint(4, room) if shuffler.random() < 0.3 else room
            current = (current + ids)[:room]
        windows.append(current)
    return [[tokenizer.cls_token_id, *ids, tokenizer.sep_token_id] for ids in windows if len(ids) > 1]


def mask(windows: Sequence[Window], share: float, mask_id: int, chance: random.Random) -> Hidden:
    """Return the windows with that `share` of their tokens masked, at least one each, and where.

    Every chosen token becomes [MASK]. BERT leaves one in ten as it was and exchanges one in ten, for the sake of later
    fine-tuning; this model is only ever asked about masks.
    """
    masked, places = [], []
    for window in windows:
        count = max(1, round(share * (len(window) - 2)))
        chosen = sorted(chance.sample(range(1, len(window) - 1), count))
        hidden = list(window)
        for place in chosen:
            hidden[place] = mask_id
        masked.append(hidden)
        places.append(chosen)
    return masked, places
