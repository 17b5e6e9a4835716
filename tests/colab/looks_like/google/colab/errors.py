"""The errors that Colab's package raises."""


class Error(Exception):
    """The base of them."""
