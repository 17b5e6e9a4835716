"""As much of Colab's own package as our notebooks, and the libraries below them, can notice."""

from google.colab import drive, errors, userdata

__all__ = ["drive", "errors", "userdata"]
