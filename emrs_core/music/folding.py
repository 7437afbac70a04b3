"""Names folded so that two spellings of one song meet."""

from __future__ import annotations

import re
import unicodedata

_SIGNS = re.compile(r"[\W_]+")
_ADDED = re.compile(r"\s*[(\[](feat|ft|with)\b[^)\]]*[)\]]", re.IGNORECASE)


def folded(name: str) -> str:
    """Lower case without accents, spaces and signs, and without a guest named in brackets ("(feat. ...)").

    A name of signs alone ("!!!", "?") is kept as it stands, only lower-cased: folding must not make all of them one.
    """
    plain = (_ADDED.sub("", name) if "(" in name or "[" in name else name).casefold()
    if not plain.isascii():  # most names are, and need no more
        parts = unicodedata.normalize("NFKD", plain)
        plain = "".join(character for character in parts if not unicodedata.combining(character))
    return _SIGNS.sub("", plain) or name.strip().casefold()
