"""Who is looking: the owner of the machine, a guest, or a person who signed in, who may be a reviewer too."""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from emrs_core.errors import UsageError
from emrs_core.timeline.sessions import SessionInfo

OWNER_ID: Final = "local"
"""Who the sessions kept on one's own machine belong to."""
GUEST_ID: Final = "guest"
"""Who a guest's session belongs to, in the memory of that visit alone."""
ID_DIGITS: Final = 32  # 128 bits: two people never get the same id by chance


class Role(StrEnum):
    """In what role somebody looks at kept sessions."""

    OWNER = "owner"  # of the machine, on which everything is theirs
    GUEST = "guest"
    PERSON = "person"  # signed in


@dataclass(frozen=True, slots=True)
class Viewer:
    """Somebody, as far as kept sessions are concerned. ``owner_id`` is what stands in the sessions they record."""

    role: Role
    owner_id: str
    reviewer: bool = False  # sees the sessions that belong to a study

    @classmethod
    def owner(cls) -> Viewer:
        """The owner of the machine, who may see and do everything."""
        return cls(Role.OWNER, OWNER_ID)

    @classmethod
    def guest(cls) -> Viewer:
        """A guest, who sees what the visit itself holds."""
        return cls(Role.GUEST, GUEST_ID)

    @classmethod
    def person(cls, issuer: str, subject: str, reviewer: bool = False) -> Viewer:
        """Whoever signed in at ``issuer`` as ``subject``. Raises UsageError when one of them is empty."""
        return cls(Role.PERSON, person_id(issuer, subject), reviewer)

    def owns(self, info: SessionInfo) -> bool:
        """Whether that session is this viewer's, to record, change and erase."""
        return self.role is Role.OWNER or info.owner == self.owner_id

    def sees(self, info: SessionInfo) -> bool:
        """Whether that session exists for this viewer at all."""
        return self.owns(info) or (self.reviewer and info.study != "")


def person_id(issuer: str, subject: str) -> str:
    """A stable id for the person whom that identity provider knows under that subject; it tells neither.

    Source: OpenID Connect Core 1.0, section 5.7: only issuer and subject together name a person for good; an e-mail
    address may pass to somebody else. Raises UsageError when one of them is empty.
    """
    if not issuer or not subject:
        raise UsageError("The identity provider sent no issuer or no subject, so nobody can be told apart by it.")
    told = f"{len(issuer)}:{issuer}{subject}"  # the length keeps the border between the two
    return "person-" + hashlib.sha256(told.encode()).hexdigest()[:ID_DIGITS]


def is_reviewer(
    reviewers: Collection[str], owner_id: str, subject: str, email: str = "", email_verified: bool = False
) -> bool:
    """Whether one of the names is this person's: their id here, their subject, or their e-mail address.

    An address counts only if the provider verified it: else anybody could claim a reviewer's. Its case does not matter.
    """
    if owner_id in reviewers or ("@" not in subject and subject in reviewers):
        return True
    return "@" in email and email_verified and _same_case(email) in {_same_case(name) for name in reviewers}


def _same_case(email: str) -> str:
    """In lower case where that is safe: some capitals of other alphabets would turn into plain letters."""
    return email.lower() if email.isascii() else email
