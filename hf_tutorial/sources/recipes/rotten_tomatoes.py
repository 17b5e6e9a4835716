"""`cornell-movie-review-data/rotten_tomatoes`: the 8,530 training snippets."""

from pathlib import Path

from hf_tutorial.sources.recipes.reviews import write_reviews


def build(folder: Path) -> None:
    """Write the training snippets to `folder`."""
    write_reviews(
        folder,
        "rotten_tomatoes",
        "cornell-movie-review-data/rotten_tomatoes",
        "Rotten Tomatoes snippets, training split",
    )
