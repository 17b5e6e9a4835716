"""The reference of a command line, from the parser itself: what `--help` says, as a page."""

import argparse
from collections.abc import Iterator

from tools.site.docstrings import from_text


def command_page(parser: argparse.ArgumentParser, title: str) -> str:
    """Return the page of a command with its subcommands."""
    parts = [f"# {title}", from_text(_whole(parser.description or "")), _usage(parser)]
    for name, command, summary in subcommands(parser):
        parts += [f"## `{parser.prog} {name}`", from_text(command.description or _sentence(summary)), _usage(command)]
        parts.append(_arguments(command))
        if command.epilog:
            parts.append(from_text(command.epilog))
    return "\n\n".join(part for part in parts if part)


def subcommands(parser: argparse.ArgumentParser) -> Iterator[tuple[str, argparse.ArgumentParser, str]]:
    """Yield name, parser and summary of each subcommand."""
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            summaries = {choice.dest: choice.help or "" for choice in action._choices_actions}
            for name, command in action.choices.items():
                yield name, command, summaries.get(name, "")


def _whole(text: str) -> str:
    return " ".join(text.split())


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}." if text else ""


def _usage(parser: argparse.ArgumentParser) -> str:
    usage = parser.format_usage().partition(":")[2]
    return f"```text\n{_whole(usage)}\n```"


def _arguments(parser: argparse.ArgumentParser) -> str:
    """Return positions and options as a definition list."""
    formatter = argparse.HelpFormatter(parser.prog)
    lines = []
    for action in parser._actions:
        if isinstance(action, argparse._HelpAction | argparse._SubParsersAction) or action.help == argparse.SUPPRESS:
            continue
        name = ", ".join(_option(action, option) for option in action.option_strings) or _metavar(action)
        text = formatter._expand_help(action) if action.help else ""
        lines += [f"`{name}`", f": {_safe(_whole(text)) or 'Required.'}", ""]
    return "\n".join(lines)


def _option(action: argparse.Action, option: str) -> str:
    return option if action.nargs == 0 else f"{option} {_metavar(action)}"


def _metavar(action: argparse.Action) -> str:
    if action.metavar:
        return action.metavar if isinstance(action.metavar, str) else " ".join(action.metavar)
    if action.choices:
        return "{" + ",".join(map(str, action.choices)) + "}"
    return action.dest.upper()


def _safe(text: str) -> str:
    return text.replace("<", "&lt;").replace("*", "\\*")
