"""JSON that people read too: indented, but a list of plain values stays on one line."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

INDENT = "  "


def readable_json(value: Any, depth: int = 0) -> str:
    """``value`` as JSON text, so that a matrix looks like one. Raises TypeError for what JSON cannot hold."""
    pad = "\n" + INDENT * (depth + 1)
    if isinstance(value, Mapping) and value:
        parts = [f"{json.dumps(str(key))}: {readable_json(inner, depth + 1)}" for key, inner in value.items()]
        return "{" + pad + f",{pad}".join(parts) + "\n" + INDENT * depth + "}"
    if isinstance(value, list | tuple) and any(isinstance(inner, list | tuple | Mapping) for inner in value):
        parts = [_row(inner) or readable_json(inner, depth + 1) for inner in value]
        return "[" + pad + f",{pad}".join(parts) + "\n" + INDENT * depth + "]"
    return json.dumps(value, allow_nan=False)


def _row(value: Any) -> str:
    """A flat object inside a list on one line; empty for anything deeper."""
    if not isinstance(value, Mapping) or any(isinstance(inner, list | tuple | Mapping) for inner in value.values()):
        return ""
    return json.dumps(value, allow_nan=False)
