"""How our own small weights were made: `python -m training.NAME` makes each; README.md tells what it takes."""
