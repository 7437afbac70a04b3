"""Every page can be reached: as a link or in a menu, and on a phone in two rows."""

from __future__ import annotations

import pytest

from emrs_core.ui import navigation, privacy_page, style
from tests.pages.harness import PAGES, Dashboard


def links_in(dashboard: Dashboard) -> list[str]:
    return [link.proto.label.strip("*") for link in dashboard.app.get("page_link")]


def test_every_page_is_in_one_group(dashboard: Dashboard) -> None:
    titles = [entry.title for group in navigation.GROUPS for entry in group.entries]
    assert sorted(titles) == sorted(PAGES)
    assert {entry.title: entry.name for group in navigation.GROUPS for entry in group.entries} == PAGES


@pytest.mark.parametrize("group", navigation.GROUPS, ids=lambda group: group.title)
def test_a_phone_shows_the_groups_and_the_pages_of_the_one_that_is_open(
    dashboard: Dashboard, group: navigation.Group
) -> None:
    groups = [each.title for each in navigation.GROUPS]
    inside = [entry.title for entry in group.entries] if len(group.entries) > 1 else []
    for entry in group.entries:
        assert links_in(dashboard.run().open(entry.title))[: len(groups) + len(inside)] == groups + inside


def test_the_stage_is_away_before_a_page_is_drawn_so_that_nothing_moves_under_the_pointer(
    dashboard: Dashboard, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn: list[str] = []
    monkeypatch.setattr(style, "draw_layout", lambda **how: drawn.append("layout"))
    monkeypatch.setattr(privacy_page, "draw", lambda: drawn.append("page"))
    dashboard.run().open("Your data")
    assert drawn[-2:] == ["layout", "page"]
