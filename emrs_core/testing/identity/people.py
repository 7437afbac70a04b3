"""The people whom the stand-in knows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Account:
    """Somebody with an account. ``subject`` is theirs for good; the address need not be."""

    subject: str
    name: str
    email: str
    email_verified: bool = True

    def claims(self) -> dict[str, object]:
        """What an ID token and the userinfo endpoint say. Source: OpenID Connect Core 1.0, section 5.1."""
        return {
            "sub": self.subject,
            "name": self.name,
            "email": self.email,
            "email_verified": self.email_verified,
        }


REVIEWER_EMAIL: Final = "rosa@example.org"
ADA: Final = Account("ada-7f3a", "Ada", "ada@example.org")
BEN: Final = Account("ben-19c2", "Ben <b>", "ben@example.org")
ROSA: Final = Account("rosa-c04d", "Rosa", REVIEWER_EMAIL)
MALLORY: Final = Account("mallory-66e1", "Mallory", REVIEWER_EMAIL, email_verified=False)
PEOPLE: Final = (ADA, BEN, ROSA, MALLORY)
"""Two participants, a reviewer, and one who merely says that the reviewer's address is theirs."""
