"""Models that are only there to be searched through: no names of real ones, invented facts, and a card as only file.

A search for text classification under Apache-2.0, sorted by downloads, must leave out what has another task, another
licence or none, must not be misled by names, and must stop at its limit.
"""

from tools.loopback_hub.repositories import Repository

# id, task, licence, downloads, likes; in no order.
_NEIGHBOURS: tuple[tuple[str, str, str | None, int, int], ...] = (
    ("example/topics-of-news", "text-classification", "apache-2.0", 310_000, 12),
    ("example/polarity-base", "text-classification", "apache-2.0", 2_450_000, 95),
    ("example/polarity-large", "text-classification", "mit", 5_600_000, 310),
    ("example/languages-of-posts", "text-classification", "apache-2.0", 1_020_000, 140),
    ("example/text-classification-for-names", "token-classification", "apache-2.0", 8_000_000, 500),
    ("example/emotions", "text-classification", "apache-2.0", 87_000, 41),
    ("example/reranker", "text-classification", "apache-2.0", 3_900_000, 205),
    ("example/spam", "text-classification", None, 4_100_000, 77),
    ("example/irony", "text-classification", "cc-by-4.0", 950_000, 30),
    ("example/toxicity", "text-classification", "apache-2.0", 640_000, 66),
)


def neighbours() -> list[Repository]:
    return [
        Repository(
            hub_id,
            "model",
            None,
            pipeline_tag=task,
            tags=("transformers", "en"),
            downloads=downloads,
            likes=likes,
            licence=licence,
            generated={"README.md": _card(hub_id, task, licence)},
        )
        for hub_id, task, licence, downloads, likes in _NEIGHBOURS
    ]


def _card(hub_id: str, task: str, licence: str | None) -> bytes:
    named = f"license: {licence}\n" if licence else ""
    return f"---\n{named}pipeline_tag: {task}\n---\n\n# {hub_id}\n\nThere is no such model.\n".encode()
