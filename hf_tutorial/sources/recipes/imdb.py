"""`stanfordnlp/imdb`: the 25,000 training reviews."""

from pathlib import Path

from hf_tutorial.sources.recipes.reviews import write_reviews


def build(folder: Path) -> None:
    """Write the training reviews to `folder`."""
    write_reviews(folder, "imdb", "stanfordnlp/imdb", "IMDb reviews, training split")
