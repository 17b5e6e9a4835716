"""A pytest plugin for the nbval run: the reference environment for every kernel, and no word to the Hub.

Load it with `-p tests.nbval.hub_guard`; `python -m tools.run_notebooks` does. It takes the place of the Hub before xdist
starts its workers, which inherit the environment, and fails the session if any notebook asked it for anything.
"""

import os

import pytest

from tools import reference_env
from tools.hub_guard import HubGuard

_GUARD = pytest.StashKey[HubGuard]()


def pytest_configure(config: pytest.Config) -> None:
    if hasattr(config, "workerinput"):
        return  # a worker of xdist: the controller is on guard
    reference_env.apply(os.environ)
    guard = HubGuard()
    guard.redirect(os.environ)
    config.stash[_GUARD] = guard.__enter__()


def pytest_sessionfinish(session: pytest.Session) -> None:
    guard = session.config.stash.get(_GUARD, None)
    if guard and guard.asked:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    guard = config.stash.get(_GUARD, None)
    if guard and guard.asked:
        terminalreporter.section("A notebook asked the Hub", sep="=", red=True)
        terminalreporter.line("Every id must go through hub_or_local(…). Requests:")
        for request in sorted(set(guard.asked)):
            terminalreporter.line(f"  {request}")


def pytest_unconfigure(config: pytest.Config) -> None:
    guard = config.stash.get(_GUARD, None)
    if guard:
        guard.__exit__()
