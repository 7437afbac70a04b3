"""Which tests needed a second try, and what they met at the first: told at the end of a run.

A run with such tests is green, and yet each of them is doubtful: its cause is to be found in the product or the test.
"""

from __future__ import annotations

import pytest

OURS = "tests/"


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    again = terminalreporter.stats.get("rerun", [])
    if again:
        terminalreporter.section("needed a second try", yellow=True)
        for report in again:
            terminalreporter.write_line(f"{report.nodeid}\n    {first_failure(report)}")


def first_failure(report: pytest.TestReport) -> str:
    """The place in our own code, and the message's first and last line: Playwright's say what was wanted, and where."""
    crash = getattr(report.longrepr, "reprcrash", None)
    if crash is None:
        return report.longreprtext.strip().rpartition("\n")[2]
    message = [line.strip() for line in crash.message.strip().splitlines()]
    places = [entry.reprfileloc for entry in report.longrepr.reprtraceback.reprentries if entry.reprfileloc]
    place = next((place for place in reversed(places) if place.path.startswith(OURS)), places[-1])
    return f"{place.path}:{place.lineno}: {' ... '.join(dict.fromkeys((message[0], message[-1])))}"
