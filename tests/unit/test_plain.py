"""Text that people typed is shown as they typed it, whatever Markdown would make of it."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from emrs_core.ui.plain import MARKS, plain


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("P07", "P07"),
        ("Ada *<b>*", r"Ada \*\<b\>\*"),
        ("[click](javascript:x)", r"\[click\]\(javascript\:x\)"),
        (":material/delete: $x$", r"\:material/delete\: \$x\$"),
        ("1. first", r"1\. first"),
        ("notes v1.2.json", "notes v1.2.json"),
        ("a\n# b\t c", r"a \# b c"),
        ("tea &amp; cake", r"tea \&amp; cake"),
    ],
)
def test_marks_are_shown_and_not_obeyed(typed: str, written: str) -> None:
    assert plain(typed) == written


@given(st.text())
def test_no_mark_stands_without_its_backslash_and_no_line_is_broken(typed: str) -> None:
    written = plain(typed)
    assert len(written.splitlines()) <= 1
    assert not set(re.sub(r"\\.", "", written)) & MARKS
    assert re.sub(r"\\(.)", r"\1", written) == " ".join(typed.split())
