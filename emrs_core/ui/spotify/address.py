"""This dashboard's own address, as Spotify has to know it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final
from urllib.parse import SplitResult, urlsplit, urlunsplit

CALLBACK: Final = "spotify/callback"
PAGE: Final = "spotify"
LOOPBACK: Final = "127.0.0.1"
LOOPBACK_LITERALS: Final = frozenset({"127.0.0.1", "::1"})


@dataclass(frozen=True, slots=True)
class Address:
    """Where people are sent back to after they logged in at Spotify.

    ``open_at`` is where the page has to be opened for that to work, or None where it already is. Without a
    ``redirect_uri`` no login can work here: the page is neither secure nor on this machine.
    """

    redirect_uri: str | None
    open_at: str | None = None


def address_of(page_url: str | None) -> Address:
    """The address behind the Spotify page's own URL.

    Spotify takes https anywhere, and plain http only on a loopback address written as numbers; the name ``localhost``
    is refused. Source: Spotify for Developers, "Redirect URIs" (rules of 2025).
    """
    if not page_url:
        return Address(None)
    parts = urlsplit(page_url)
    host = (parts.hostname or "").lower()
    if parts.scheme == "https" or host in LOOPBACK_LITERALS:
        return Address(_beside(parts, parts.netloc, CALLBACK))
    if host == "localhost" or host.endswith(".localhost"):
        netloc = f"{LOOPBACK}:{parts.port}" if parts.port else LOOPBACK
        return Address(_beside(parts, netloc, CALLBACK), _beside(parts, netloc, PAGE))
    return Address(None)


def _beside(parts: SplitResult, netloc: str, path: str) -> str:
    """The address ``path`` at the app's root, wherever a proxy puts that; the page itself is one step below it."""
    root = parts.path.rstrip("/").removesuffix(f"/{PAGE}").rstrip("/")
    return urlunsplit((parts.scheme, netloc, f"{root}/{path}", "", ""))
