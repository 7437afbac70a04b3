"""Signing in, in each of its states, for the screenshots; at the stand-in for an identity provider."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import expect

from emrs_core.testing.identity.people import ADA, ROSA, Account
from emrs_core.types import Emotion
from emrs_core.ui import hooks
from tests.e2e.identity_visit import Signing
from tests.e2e.live_page import PAGE_TIMEOUT_MS, LivePage
from tests.e2e.states.state import State, nothing, page


def signed_in(person: Account) -> Callable[[LivePage], None]:
    """That person, before the agreement."""

    def prepare(live: LivePage) -> None:
        Signing(live, live.page.url).sign_in(person)

    return prepare


def agreed(person: Account) -> Callable[[LivePage], None]:
    """That person, whose session is kept."""

    def prepare(live: LivePage) -> None:
        signed_in(person)(live)
        live.agree()
        live.choose_by_hand(Emotion.HAPPY)
        live.expect_songs()

    return prepare


def brought(live: LivePage) -> None:
    """Back from signing in, asked what becomes of what was recorded before."""
    live.agree()
    live.choose_by_hand(Emotion.HAPPY)
    live.expect_songs()
    signed_in(ADA)(live)
    live.agree()
    expect(live.part(hooks.SIGN_IN_KEEP)).to_be_visible(timeout=PAGE_TIMEOUT_MS)


def refused(live: LivePage) -> None:
    """Back from the provider's page without having signed in."""
    Signing(live, live.page.url).cancel()
    expect(live.mood_name).to_be_visible(timeout=PAGE_TIMEOUT_MS)


SIGN_IN = tuple(
    State(name, prepare, "room", sign_in=True)
    for name, prepare in (
        ("sign-in-offered", page("Your data", nothing)),
        ("sign-in-guest", page("Timelines", nothing)),
        ("sign-in-refused", refused),
        ("sign-in-agreement", signed_in(ADA)),
        ("sign-in-brought", brought),
        ("sign-in-data", page("Your data", agreed(ADA))),
        ("sign-in-timelines", page("Timelines", agreed(ADA))),
        ("sign-in-reviewer", page("Timelines", agreed(ROSA))),
    )
)
