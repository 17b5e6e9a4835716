"""The one exception base of the package: catch `HfTutorialError` and you have caught everything it raises on purpose."""


class HfTutorialError(Exception):
    """Something the reader can mend; the message says what was wrong, what was expected and what to do."""


class SourceError(HfTutorialError):
    """A checkpoint or dataset cannot be had from here."""


class HubError(SourceError):
    """The Hub was asked for, and cannot be had; the message says why, and what to do.

    `cause` names the fault in a word or two, such as "missing" or "proxy password".
    """

    def __init__(self, message: str, cause: str = "") -> None:
        super().__init__(message)
        self.cause = cause


class UnknownIdError(SourceError, KeyError):
    """The id has no local stand-in."""

    # KeyError shows the repr of its argument, which would put the message between quotes.
    __str__ = Exception.__str__


class MissingExtraError(HfTutorialError, ImportError):
    """A package is needed that the base install leaves out."""


class InputError(HfTutorialError, ValueError):
    """An argument has the wrong type or an impossible value."""


class RestartNeededError(HfTutorialError, ImportError):
    """What is imported is not what is installed."""
