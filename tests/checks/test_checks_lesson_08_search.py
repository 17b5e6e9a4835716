import pytest
import torch
from torch.nn.functional import cosine_similarity, normalize

from hf_tutorial import check

# Of the check's own texts, in their order.
COSINES = [0.1**0.5, 0.6, 5 / 13, 0.8, 0.6, -0.8, 0.6]


def cosines(query, texts, embed):
    return cosine_similarity(embed([query]), embed(texts)).tolist()


def sorting(key, reverse=True):
    """Make a `search` that sorts (index, cosine) pairs by `key`."""

    def search(query, texts, embed, k):
        return sorted(enumerate(cosines(query, texts, embed)), key=key, reverse=reverse)[:k]

    return search


def by_cosine(pair):
    return pair[1]


def after(change):
    """Make a `search` whose right hits are changed by `change`."""
    return lambda query, texts, embed, k: change(sorting(by_cosine)(query, texts, embed, k))


def near(similarity, reverse=True):
    """Make a `search` by another measure, which gets the query's vector, (1, width), and those of the texts."""

    def search(query, texts, embed, k):
        values = similarity(embed([query]), embed(texts)).tolist()
        return sorted(enumerate(values), key=by_cosine, reverse=reverse)[:k]

    return search


def by_topk(query, texts, embed, k):
    best = torch.tensor(cosines(query, texts, embed)).topk(min(k, len(texts)))
    return list(zip(best.indices.tolist(), best.values.tolist(), strict=True))


def by_topk_of_k(query, texts, embed, k):
    best = torch.tensor(cosines(query, texts, embed)).topk(k)
    return list(zip(best.indices.tolist(), best.values.tolist(), strict=True))


def by_places(query, texts, embed, k):
    hits = sorting(by_cosine)(query, texts, embed, len(texts))
    return [hits[place] for place in range(k)]


def by_index_of(query, texts, embed, k):
    values = cosines(query, texts, embed)
    return [(values.index(value), value) for value in sorted(values, reverse=True)[:k]]


def in_one_list(query, texts, embed, k):
    vectors = normalize(embed([query, *texts]), dim=-1)
    return sorted(enumerate((vectors @ vectors[0]).tolist()), key=by_cosine, reverse=True)[:k]


def shifted(query, texts, embed, k):
    return [(index + 1, cosine) for index, cosine in sorting(by_cosine)(query, texts, embed, k)]


def one_by_one(query, texts, embed, k):
    vectors = torch.cat([embed([text]) for text in texts])
    values = cosine_similarity(embed([query]), vectors).tolist()
    return sorted(enumerate(values), key=by_cosine, reverse=True)[:k]


def of_another_embed(query, texts, embed, k):
    return sorting(by_cosine)(query, texts, lambda asked: torch.ones(len(asked), 3), k)


def of_a_bare_text(query, texts, embed, k):
    return sorting(by_cosine)(query, texts, lambda asked: embed(asked[0] if asked == [query] else asked), k)


def matrix(query, texts, embed, k):
    scores = normalize(embed(texts), dim=-1) @ normalize(embed([query])[0], dim=0)
    order = scores.sort(descending=True, stable=True)
    return list(zip(order.indices.tolist()[:k], order.values.tolist()[:k], strict=True))


@pytest.mark.parametrize("function", [sorting(by_cosine), matrix])
def test_right_searches(function):
    verdict = check("08.3", function)
    assert verdict.outcome == "right"
    assert "once for each text" not in verdict.message


def test_a_slow_search_is_right_and_told_so():
    verdict = check("08.3", one_by_one)
    assert (verdict.outcome, "once for each text" in verdict.message) == ("right", True)


@pytest.mark.parametrize(
    ("function", "diagnosis"),
    [
        (of_another_embed, "Does the function use the `embed` that it is given?"),
        (
            after(lambda hits: [(index, cosine) for (index, _), cosine in zip(hits, COSINES, strict=False)]),
            "still stand",
        ),
        (of_a_bare_text, "What makes a list of a single text?"),
        (near(lambda q, t: t @ q[0]), "this is the dot product"),
        (near(lambda q, t: t @ normalize(q, dim=-1)[0]), "the texts were not"),
        (near(lambda q, t: normalize(t, dim=-1) @ q[0]), "a cosine is never above 1"),
        (near(lambda q, t: normalize(t, dim=0) @ normalize(q, dim=-1)[0]), "along the wrong dimension"),
        (near(lambda q, t: torch.cdist(q, t)[0], reverse=False), "this is the distance. Short vectors"),
        (near(lambda q, t: torch.cdist(q, t)[0]), "this is the distance, and the farthest"),
        (near(lambda q, t: 1 - cosine_similarity(q, t), reverse=False), "this is 1 − cosine"),
        (near(lambda q, t: cosine_similarity(q, t).abs()), "the sign of the cosine is lost"),
        (sorting(by_cosine, reverse=False), "the farthest come first"),
        (after(lambda hits: hits[::-1]), "the best of them stands last"),
        (lambda q, t, embed, k: list(enumerate(cosines(q, t, embed)))[:k], "Nothing is sorted"),
        (after(lambda hits: [(n, cosine) for n, (_, cosine) in enumerate(hits)]), "the place among the hits"),
        (shifted, "every index is one too high"),
        (in_one_list, "the query finds itself"),
        (sorting(lambda pair: pair[::-1]), "the earlier should come first; got [3, 6, 4, 1]"),
        (by_topk, "`topk` promises nothing about equals"),
        (by_topk_of_k, "`topk` promises nothing about equals"),
        (by_index_of, "a text is returned twice"),
        (by_places, "return as many as there are"),
        (sorting(lambda pair: pair[0]), "they are not in order"),
        (
            lambda q, t, embed, k: sorting(by_cosine)(q, t, embed, len(t)),
            "there should be 4 hits of 7 texts, but there are 7.",
        ),
        (lambda q, t, embed, k: sorting(by_cosine)(q, t, embed, 3), "there are 3. Is `k` used?"),
        (after(lambda hits: [(n, round(cosine, 1)) for n, cosine in hits]), "Round only when you print"),
        (after(lambda hits: [(n, cosine + 0.01) for n, cosine in hits]), "their numbers are not cosines"),
        (after(lambda hits: [(n + 9, cosine) for n, cosine in hits]), "an index lies outside"),
        (after(lambda hits: [(n, 0.1) for n in range(len(hits))]), "the first pair should be (3, 0.8)"),
        (after(lambda hits: [(cosine, n) for n, cosine in hits]), "the wrong way round"),
        (after(lambda hits: [("a dog", cosine) for n, cosine in hits]), "a pair holds a text"),
        (after(lambda hits: [(n, torch.tensor(cosine)) for n, cosine in hits]), "the pairs hold tensors"),
        (after(lambda hits: [(n + 0.5, cosine) for n, cosine in hits]), "an index should be a whole number"),
        (after(lambda hits: [(n, None) for n, cosine in hits]), "should be a pair of numbers"),
        (after(lambda hits: [n for n, _ in hits]), "each member should be a pair"),
        (after(dict), "but got a dictionary"),
        (after(lambda hits: tuple(map(list, zip(*hits, strict=True)))), "these are two lists"),
        (after(lambda hits: iter(hits)), "makes a list of it"),
        (lambda q, t, embed, k: embed(t) @ embed([q]), "one row for each text, (texts, width), also for a single text"),
        (lambda q, t: [], "raises TypeError"),
    ],
)
def test_wrong_searches(function, diagnosis):
    verdict = check("08.3", function)
    assert verdict.outcome == "wrong"
    assert diagnosis in verdict.message


def test_too_many_for_topk_are_named():
    def search(query, texts, embed, k):
        hits = sorting(by_cosine)(query, texts, embed, k)
        torch.zeros(len(texts)).topk(k)
        return hits

    assert "More were asked for than there are texts" in check("08.3", search).message


def test_another_embedding_is_named():
    def search(query, texts, embed, k):
        seen = []

        def look_up(names):
            seen.append(names)
            return embed(names)

        return sorting(by_cosine)(query, texts, look_up, k)

    assert check("08.3", search).outcome == "right"
    fixed = [(3, 0.8), (1, 0.6), (4, 0.6), (6, 0.6), (2, 5 / 13), (0, 10**-0.5), (5, -0.8)]
    assert "`embed` was never called" in check("08.3", lambda q, t, e, k: fixed[:k]).message
