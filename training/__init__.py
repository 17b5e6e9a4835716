"""How our own small weights were made: one module a model, each run as `python -m training.NAME`."""
