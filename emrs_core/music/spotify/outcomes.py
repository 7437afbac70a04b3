"""How a login ended, as a word for the address and a sentence for the person."""

from __future__ import annotations

from enum import StrEnum

from emrs_core.errors import StreamingError
from emrs_core.music.spotify.failures import NotAllowListed, OwnerWithoutPremium


class Outcome(StrEnum):
    """The value of ``?connect=`` on the page that a login comes back to."""

    CONNECTED = "connected"
    DECLINED = "declined"
    EXPIRED = "expired"
    ELSEWHERE = "elsewhere"
    NOT_LISTED = "not-listed"
    OWNER_WITHOUT_PREMIUM = "owner-without-premium"
    FAILED = "failed"
    DISCONNECTED = "disconnected"


SENTENCES: dict[Outcome, str] = {
    Outcome.CONNECTED: "Spotify is connected.",
    Outcome.DECLINED: "You did not allow it at Spotify, so nothing is connected. You can connect at any time.",
    Outcome.EXPIRED: "This login was used already or is older than ten minutes. Connect again.",
    Outcome.ELSEWHERE: "This login began in another browser. Connect again in this one.",
    Outcome.NOT_LISTED: str(NotAllowListed()),
    Outcome.OWNER_WITHOUT_PREMIUM: str(OwnerWithoutPremium()),
    Outcome.FAILED: "Spotify did not complete the login. Try again; if it fails again, check the Client ID and the "
    "redirect URI in Spotify's developer dashboard.",
    Outcome.DISCONNECTED: "Disconnected. The connection and everything that came with it are erased here.",
}


def outcome_of(failure: StreamingError) -> Outcome:
    """How a login ended that this stopped."""
    if isinstance(failure, NotAllowListed):
        return Outcome.NOT_LISTED
    return Outcome.OWNER_WITHOUT_PREMIUM if isinstance(failure, OwnerWithoutPremium) else Outcome.FAILED
