"""What the dashboard says about signing in."""

from __future__ import annotations

from typing import Final

SIGN_IN: Final = "Sign in"
SIGN_OUT: Final = "Sign out"
SIGN_OUT_HELP: Final = "Ends the session that is being kept and switches the camera off. Your sessions stay kept."
NAMELESS: Final = "Signed in"
REVIEWER: Final = "reviewer"

OFFER: Final = (
    "Your session ends with this visit. **Sign in to keep sessions** on this server: only you see them, and reviewers "
    "those that you put into a study. Mood and songs of this visit come along; whether you agree to what is kept is "
    "asked anew."
)
ELSEWHERE: Final = "One can sign in to this server at [{origin}]({origin})."

KEPT_HERE: Final = (
    "You are signed in{name}. Your sessions are kept under the id `{owner}`, which is made from your account and tells "
    "neither your name nor your e-mail address; those are never written down here. Your browser holds the sign-in for "
    "thirty days, or until you sign out; other tabs that are open then stay signed in until they are closed."
)
REVIEWS: Final = (
    "You are a **reviewer** of this server: you also see every session that belongs to a study, and can mark and note "
    "in it and name its condition and tags. You cannot delete it."
)

BROUGHT: Final = "Before you signed in, this visit recorded {what}. Should it be kept under your account?"
KEEP: Final = "Keep it"
FORGET: Final = "Forget it"
KEPT: Final = "Kept under your account."
FORGOTTEN: Final = "Forgotten."


def label_of(provider: str, alone: bool) -> str:
    """What stands on the way to that provider."""
    return SIGN_IN if alone else f"{SIGN_IN} with {provider.capitalize()}"
