"""Fixtures that every layer of tests shares."""

from __future__ import annotations

import os
from pathlib import Path

import hypothesis
import pytest

from tests.side_by_side import pytest_xdist_make_scheduler as pytest_xdist_make_scheduler

hypothesis.settings.register_profile("emrs", deadline=None)  # a busy machine is slow, not wrong
hypothesis.settings.load_profile("emrs")

REPOSITORY = Path(__file__).resolve().parent.parent
REQUIRE_EVERYTHING = os.environ.get("EMRS_TESTS_REQUIRE_ALL") == "1"
"""Set by ``.ci/run``: a test that would skip for want of a browser, a relay or data fails instead."""


def skip_or_fail(reason: str) -> None:
    """Skip on a person's machine; fail where everything is meant to be there."""
    if REQUIRE_EVERYTHING:
        pytest.fail(f"nothing may be skipped here, but: {reason}")
    pytest.skip(reason)


def shared_folder() -> Path | None:
    """The folder ``shared`` beside the checkout, or the one that ``EMRS_SHARED_DIR`` names; None without either.

    One that is named has to be there: a misspelled name would skip in silence what was to be tested.
    """
    named = os.environ.get("EMRS_SHARED_DIR")
    folder = Path(named) if named else REPOSITORY.parent / "shared"
    if folder.is_dir():
        return folder
    if named:
        pytest.fail(f"EMRS_SHARED_DIR names {named}, which is no folder")
    return None


@pytest.fixture(scope="session")
def repository() -> Path:
    return REPOSITORY


@pytest.fixture(scope="session")
def shared_dir() -> Path:
    """The folder ``shared`` beside the checkout, with the FER2013 images. Skips where there is none.

    Where the folder exists its contents must be complete, so a missing file there is a failure, never a skip.
    """
    folder = shared_folder()
    if folder is None:
        pytest.skip("needs the FER2013 images in a folder 'shared' beside the checkout; they are not shipped")
    return folder
