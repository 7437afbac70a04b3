"""Who signed in, as the identity provider tells it. Their name is for their own page alone: not kept, not logged."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

import streamlit as st

from emrs_core.timeline.access import Viewer, is_reviewer, person_id


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who signed in."""

    viewer: Viewer
    name: str = ""


def signed_in(reviewers: Collection[str]) -> Person | None:
    """Whoever signed in in this browser session, None for nobody. Raises UsageError when the provider names nobody."""
    claims: Mapping[str, Any] = st.user.to_dict()
    return person_of(claims, reviewers) if claims.get("is_logged_in") is True else None


def person_of(claims: Mapping[str, Any], reviewers: Collection[str]) -> Person:
    """The person behind the claims of an ID token. Raises UsageError without issuer or subject.

    Source: OpenID Connect Core 1.0, section 5.1. Some providers send ``email_verified`` as text.
    """
    issuer, subject, email = (_text(claims, name) for name in ("iss", "sub", "email"))
    verified = str(claims.get("email_verified")).lower() == "true"
    viewer = Viewer.person(
        issuer, subject, is_reviewer(reviewers, person_id(issuer, subject), subject, email, verified)
    )
    name = _text(claims, "name") or _text(claims, "preferred_username") or email
    return Person(viewer, name)


def _text(claims: Mapping[str, Any], name: str) -> str:
    value = claims.get(name)
    return value if isinstance(value, str) else ""
