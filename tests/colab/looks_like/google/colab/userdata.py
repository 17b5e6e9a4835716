"""Secrets, of which this session has none."""

from google.colab import errors


class NotebookAccessError(Exception):
    """The user has not let this notebook see the secret."""


class SecretNotFoundError(errors.Error):
    """There is no such secret."""


asked: list[str] = []


def get(key: str) -> str:
    asked.append(key)
    raise SecretNotFoundError(f"Secret {key} does not exist.")
