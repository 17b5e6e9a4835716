"""Wrong answers to the exercises of lesson 08."""

from wrong_answers import instead, slip

WRONG = {
    "08.1": (
        slip(
            "All labels are expected in the order of `id2label`.",
            "in the order of `id2label`",
            (
                '[("bad", 0.6), ("good", 0.3), ("mixed", 0.1)]',
                '[("mixed", 0.1), ("bad", 0.6), ("good", 0.3)]',
            ),
        ),
        slip(
            "Sigmoids are made to add up to 1, as scores are believed to.",
            "Nothing makes sigmoids add up to 1",
            ('("good", 0.94)', '("good", 0.42)'),
        ),
        slip(
            "None of the labels reaches one half, so none is expected.",
            "A pipeline knows no threshold",
            ('("bad", 0.38)', "None"),
        ),
        slip(
            "Sigmoid is taken for what every classifier uses.",
            "which looks at one logit alone",
            ('("good", 0.75)', '("good", 0.94)'),
        ),
        slip(
            "The call with sigmoid is read as the first one once more.",
            "this is still softmax",
            ('("good", 0.94)', '("good", 0.75)'),
        ),
    ),
    "08.2": (
        instead(
            "The model gets the mask, so padding seems to be taken care of.",
            "The mean still goes over the padding",
            """
            def embed(texts):
                encoding = tokenizer(texts, padding=True, truncation=True, return_tensors="pt").to(model.device)
                with torch.no_grad():
                    return model(**encoding).last_hidden_state.mean(dim=1)
            """,
        ),
        slip(
            "Half a repair: the padding is set to zero and still counted.",
            "it is still counted",
            ("(states * mask).sum(dim=1) / mask.sum(dim=1)", "(states * mask).mean(dim=1)"),
        ),
        slip(
            "The first token is taken for the sentence, as BERT's classifier does.",
            "the state of the first token alone",
            ("(states * mask).sum(dim=1) / mask.sum(dim=1)", "states[:, 0]"),
        ),
        slip("The mask is multiplied as it is.", "gives it a third dimension", (".unsqueeze(-1)", "")),
        slip(
            "The mask is used as an index, which leaves the padding out and the texts together.",
            "forgets which text a token belongs to",
            ("(states * mask).sum(dim=1) / mask.sum(dim=1)", "states[mask.squeeze(-1).bool()]"),
        ),
    ),
    "08.3": (
        instead(
            "A dot product is what the lesson's vectors of length 1 need.",
            "this is the dot product",
            """
            def search(query, texts, embed, k):
                scores = (embed(texts) @ embed([query])[0]).tolist()
                return sorted(enumerate(scores), key=lambda pair: pair[1], reverse=True)[:k]
            """,
        ),
        instead(
            "Pairs are sorted as a whole, so that equals change places.",
            "the earlier should come first",
            """
            def search(query, texts, embed, k):
                cosines = torch.nn.functional.cosine_similarity(embed([query]), embed(texts)).tolist()
                best = sorted(((cosine, index) for index, cosine in enumerate(cosines)), reverse=True)
                return [(index, cosine) for cosine, index in best[:k]]
            """,
        ),
        instead(
            "The texts are returned, as one wants to read them.",
            "Return its index in `texts`",
            """
            def search(query, texts, embed, k):
                cosines = torch.nn.functional.cosine_similarity(embed([query]), embed(texts)).tolist()
                return sorted(zip(texts, cosines), key=lambda pair: pair[1], reverse=True)[:k]
            """,
        ),
        instead(
            "`topk` is the obvious tool, and a `k` larger than the list is not thought of.",
            "`topk` cannot give them",
            """
            def search(query, texts, embed, k):
                cosines = torch.nn.functional.cosine_similarity(embed([query]), embed(texts))
                order = cosines.argsort(descending=True, stable=True)
                cosines[order].topk(k)
                return [(index, cosines[index].item()) for index in order[:k].tolist()]
            """,
        ),
        instead(
            "The indices are sorted by `argsort`, and the cosines left as they were.",
            "their cosines are not",
            """
            def search(query, texts, embed, k):
                cosines = torch.nn.functional.cosine_similarity(embed([query]), embed(texts))
                order = cosines.argsort(descending=True, stable=True)[:k]
                return list(zip(order.tolist(), cosines.tolist()))
            """,
        ),
        slip(
            "`reverse` is forgotten.",
            "the farthest come first",
            (", reverse=True", ""),
        ),
        slip(
            "The query is one text, so it is handed over as it is.",
            "not a bare text",
            ("embed([query])", "embed(query)"),
        ),
    ),
    "08.4": (
        slip(
            "The marks are put in from left to right.",
            "what is behind it moves",
            ("reversed(entities)", "entities"),
        ),
        instead(
            "The `word` is searched for.",
            "A word may come twice",
            """
            def restore(text, entities):
                signs = {"comma": ",", "stop": ".", "question": "?"}
                for entity in entities:
                    word = entity["word"]
                    text = text.replace(word, word + signs[entity["entity_group"]], 1)
                return text[:1].upper() + text[1:]
            """,
        ),
        slip(
            "`capitalize` does what its name says, and more.",
            "makes everything behind the first letter small",
            (
                "    return text[:start] + text[start : start + 1].upper() + text[start + 1 :]",
                "    return text[:start] + text[start:].capitalize()",
            ),
        ),
        slip(
            "A question mark is not thought to end a sentence.",
            "there is no capital after a question mark",
            ('behind if sign == "," else', 'behind if sign != "." else'),
        ),
    ),
    "08.5": (
        instead(
            "A cosine lies between 0 and 1 here and looks like a probability.",
            "makes it a share of 1",
            'true = {"A", "B", "C", "E", "F"}',
        ),
        instead(
            "A larger batch is believed to be faster, or at least as fast.",
            "how many places does a batch compute",
            'true = {"A", "C", "D", "E", "F"}',
        ),
        instead(
            "A passage that holds the answer seems to make sure of it.",
            "compel it to copy",
            'true = {"A", "C", "E", "F", "G"}',
        ),
        instead(
            "A search for something that is not there is expected to find nothing.",
            "Must the best be good",
            'true = {"A", "C", "E", "F", "H"}',
        ),
    ),
}
