"""Ids of people who signed in, and who counts as a reviewer."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from emrs_core.errors import UsageError
from emrs_core.timeline.access import Viewer, is_reviewer, person_id
from emrs_core.timeline.access.viewer import GUEST_ID, OWNER_ID

ISSUER, SUBJECT = "https://id.example.org", "110169484474386276334"
NAMES = st.text(min_size=1, max_size=30)


def test_a_persons_id_is_the_same_for_ever() -> None:
    assert person_id(ISSUER, SUBJECT) == "person-ca833b34a1c560992a0018d3fbb55840"  # kept sessions depend on it


@given(NAMES, NAMES, NAMES, NAMES)
def test_two_people_never_share_an_id(issuer: str, subject: str, other_issuer: str, other_subject: str) -> None:
    same = (issuer, subject) == (other_issuer, other_subject)
    assert (person_id(issuer, subject) == person_id(other_issuer, other_subject)) == same
    assert person_id(issuer, subject) not in (OWNER_ID, GUEST_ID)


def test_the_border_between_issuer_and_subject_counts() -> None:
    assert person_id("https://a", "b1") != person_id("https://ab", "1")


def test_an_id_tells_neither_issuer_nor_subject() -> None:
    told = person_id(ISSUER, "ada@example.org")
    assert "ada" not in told
    assert "example" not in told


@pytest.mark.parametrize(("issuer", "subject"), [("", SUBJECT), (ISSUER, "")])
def test_nobody_is_told_apart_by_nothing(issuer: str, subject: str) -> None:
    with pytest.raises(UsageError, match="no issuer or no subject"):
        Viewer.person(issuer, subject)


@pytest.mark.parametrize(
    ("reviewers", "subject", "email", "verified", "wanted"),
    [
        ({"rev@example.org"}, SUBJECT, "rev@example.org", True, True),
        ({"Rev@Example.org"}, SUBJECT, "rev@example.ORG", True, True),
        ({"rev@example.org"}, SUBJECT, "rev@example.org", False, False),
        ({"rev@example.org"}, SUBJECT, "other@example.org", True, False),
        ({"rev@example.org"}, "rev@example.org", "", False, False),  # a subject that looks like an address
        ({"rev\N{KELVIN SIGN}@example.org"}, SUBJECT, "revk@example.org", True, False),
        ({"revk@example.org"}, SUBJECT, "rev\N{KELVIN SIGN}@example.org", True, False),
        ({SUBJECT}, SUBJECT, "", False, True),
        ({person_id(ISSUER, SUBJECT)}, SUBJECT, "", False, True),
        (set(), SUBJECT, "rev@example.org", True, False),
        ({""}, SUBJECT, "", True, False),
    ],
)
def test_who_is_a_reviewer(reviewers: set[str], subject: str, email: str, verified: bool, wanted: bool) -> None:
    assert is_reviewer(reviewers, person_id(ISSUER, subject), subject, email, verified) is wanted
