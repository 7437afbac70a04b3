"""The reader of large JSON gives what ``json`` gives, wherever its blocks end, and refuses what is cut or wrong."""

from __future__ import annotations

import io
import json
import tracemalloc
from collections.abc import Iterator
from typing import Any
from unittest.mock import patch

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from emrs_core.errors import TimelineError
from emrs_core.timeline.importing import json_stream
from emrs_core.timeline.importing.json_stream import JsonStream

text = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
plain = (
    st.none() | st.booleans() | st.integers(-(10**30), 10**30) | st.floats(allow_nan=False, allow_infinity=False) | text
)
values = st.recursive(plain, lambda inner: st.lists(inner, max_size=5) | st.dictionaries(text, inner, max_size=5))
documents = st.dictionaries(text, values, max_size=6)
WHOLE = b'{"a": [1, -2.5e3, "x\\u00e9", null, true], "b": {"c": "\xc3\xa9\xf0\x9f\x8e\xb5"}, "d": 12}\n'


def read(data: bytes, block: int = json_stream.BLOCK_BYTES) -> dict[str, Any]:
    with patch.object(json_stream, "BLOCK_BYTES", block):
        stream = JsonStream(io.BytesIO(data))
        found: dict[str, Any] = {}
        for name in stream.members():
            found[name] = list(stream.items()) if data[:1] == b" " else stream.value()
        return found


@settings(max_examples=200)
@given(documents, st.integers(1, 40), st.sampled_from([None, 1]), st.booleans())
def test_any_object_comes_out_as_it_is_wherever_blocks_end(
    document: dict[str, Any], block: int, indent: int | None, ascii_only: bool
) -> None:
    data = json.dumps(document, indent=indent, ensure_ascii=ascii_only).encode()
    assert read(data, block) == document


@given(st.dictionaries(text, st.lists(values, max_size=6), max_size=4), st.integers(1, 40))
def test_lists_come_out_item_by_item(document: dict[str, Any], block: int) -> None:
    assert read(b" " + json.dumps(document).encode(), block) == document


@pytest.mark.parametrize("number", ["0.5", "-0.5", "1e5", "1E+5", "12.5e-3", "120"])
def test_a_number_is_whole_wherever_a_block_ends(number: str) -> None:
    for block in range(1, 12):
        assert read(f'{{"a": {number}}}'.encode(), block) == {"a": float(number)}


def test_a_byte_order_mark_does_no_harm() -> None:
    assert read(b"\xef\xbb\xbf" + WHOLE) == json.loads(WHOLE)


@pytest.mark.parametrize("block", [1, 7, json_stream.BLOCK_BYTES])
def test_an_object_that_was_cut_off_is_refused_wherever(block: int) -> None:
    for end in range(len(WHOLE.rstrip())):
        with pytest.raises(TimelineError):
            read(WHOLE[:end], block)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b'{"a": 1} x', "Extra data in line 1"),
        (b'{"a": 1}\n{"b": 2}', "Extra data in line 2"),
        (b'{\n"a": 1\n"b": 2}', "Expecting '}' in line 3"),
        (b'{"a": 1,}', "not JSON"),
        (b'{"a" 1}', "Expecting ':'"),
        (b'{"a": 1, "a": 2}', "stands there twice"),
        (b"{7: 1}", "cannot be the name"),
        (b'{"a": NaN}', "NaN is no JSON number"),
        (b'{"a": -Infinity}', "Infinity is no JSON number"),
        (b'{"a": ' + b"9" * 9_999 + b"}", "too large"),
        (b'{"a": "\xff"}', "byte 7 is not"),
        (b'{"a": "' + b"x" * 99 + b"\xc3", "byte 106 is not"),
        (b'{"a": ' + b"[" * 200_000, "nested too deeply"),
        (b"[]", "Expecting '{'"),
        (b"", "cut off"),
    ],
)
def test_what_is_wrong_is_said_with_its_place(data: bytes, said: str) -> None:
    for block in (5, json_stream.BLOCK_BYTES):
        with pytest.raises(TimelineError, match=said):
            read(data, block)


def test_what_is_no_list_is_said() -> None:
    with pytest.raises(TimelineError, match="'a' should be a list, got dict"):
        read(b' {"a": {"b": 1}}')


class Endless(io.RawIOBase):
    """A document of so many rows, made while it is read."""

    def __init__(self, rows: int) -> None:
        self._parts = self._made(rows)

    def _made(self, rows: int) -> Iterator[bytes]:
        yield b'{"rows": [[0]'
        yield from (b",\n[%d, 0.25, null]" % k for k in range(rows))
        yield b"]}"

    def read(self, size: int = -1) -> bytes:
        found = b""
        while len(found) < size and (part := next(self._parts, b"")):
            found += part
        return found


def test_memory_does_not_grow_with_the_document() -> None:
    with patch.object(json_stream, "BLOCK_BYTES", 10_000):
        stream = JsonStream(Endless(100_000))  # type: ignore[arg-type]
        tracemalloc.start()
        try:
            count = sum(1 for _ in stream.members() for _ in stream.items())
            peak = tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()
    assert count == 100_001
    assert peak < 300_000  # of a document of 2 MB
