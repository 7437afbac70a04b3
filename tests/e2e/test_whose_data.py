"""Owner and guests: nobody sees another's mood, songs or settings, and each page says which of the two it is."""

from __future__ import annotations

import json
from collections.abc import Callable

from playwright.sync_api import expect

from emrs_core.types import Emotion
from emrs_core.ui import hooks
from tests.e2e import browser as browsers
from tests.e2e.live_page import LivePage
from tests.e2e.server import Server

OWNER, GUEST = "own machine", "Guest visit"

Visit = Callable[..., LivePage]


def expect_nothing_known(live: LivePage) -> None:
    """A page of somebody who has said and shown nothing."""
    expect(live.mood_name).to_be_visible(timeout=30_000)
    expect(live.mood_name).not_to_have_text("Happy")
    expect(live.mood_name).not_to_have_text("Sad")
    assert live.track_ids() == []
    assert live.page.locator('iframe[src*="spotify"]').count() == 0


def expect_apart(happy: LivePage, songs: list[str], newcomer: LivePage) -> None:
    """Somebody new knows nothing of a happy visitor with these songs, and changes nothing for them."""
    expect_nothing_known(newcomer)
    newcomer.choose_by_hand(Emotion.SAD)
    newcomer.expect_mood("Sad")
    assert set(newcomer.expect_songs()).isdisjoint(songs)
    happy.expect_mood("Happy")
    assert happy.track_ids() == songs


def test_two_guests_share_nothing(visit: Visit, hosted: Server) -> None:
    first, second = visit(), visit("room")
    for live in (first, second):
        expect(live.part(hooks.MODE_NOTE)).to_contain_text(GUEST)
    first.agree()
    first.start()
    first.expect_mood("Happy")
    songs = first.expect_songs()
    first.page.locator(".emrs-song-play").first.click()
    expect(first.part(hooks.PLAYER).locator("iframe")).to_be_visible(timeout=15_000)

    expect(second.part(hooks.CONSENT)).to_be_visible()  # nor does one's agreement count for the other
    expect_apart(first, songs, second)
    assert not [path for path in hosted.data_dir.rglob("*") if path.is_file()]  # guests leave no file


def test_owner_and_guest_of_one_machine_share_nothing(visit: Visit, auto: Server) -> None:
    owner = visit(url=auto.url)
    guest = visit(url=auto.url_as(browsers.GUEST_HOST))
    expect(owner.part(hooks.MODE_NOTE)).to_contain_text(OWNER)
    expect(guest.part(hooks.MODE_NOTE)).to_contain_text(GUEST)
    guest.agree()
    assert not [path for path in auto.data_dir.rglob("*") if path.is_file()]
    expect(owner.part(hooks.CONSENT)).to_be_visible()
    owner.agree()
    kept = [path for path in auto.data_dir.rglob("*") if path.is_file()]
    assert [path.name for path in kept] == ["consent.json"]
    assert set(json.loads(kept[0].read_text(encoding="utf-8"))) == {"version", "given_at"}

    owner.start()
    owner.expect_mood("Happy")
    owner.expect_songs()
    expect_nothing_known(guest)
    guest.choose_by_hand(Emotion.SAD)
    guest.expect_mood("Sad")
    owner.expect_mood("Happy")


def test_the_owner_is_known_again_and_a_guest_is_not(visit: Visit, auto: Server) -> None:
    owner = visit(url=auto.url)
    if owner.part(hooks.CONSENT).count():
        owner.agree()
    again = visit(url=auto.url)
    expect(again.stream.get_by_role("button", name="Start")).to_be_visible(timeout=30_000)
    assert again.part(hooks.CONSENT).count() == 0
    stranger = visit(url=auto.url_as(browsers.GUEST_HOST))
    expect(stranger.part(hooks.CONSENT)).to_be_visible(timeout=30_000)


def test_two_windows_of_the_owner_have_each_their_own_mood_and_songs(visit: Visit, auto: Server) -> None:
    first = visit(url=auto.url)
    if first.part(hooks.CONSENT).count():
        first.agree()
    first.start()
    first.expect_mood("Happy")
    songs = first.expect_songs()
    second = visit("room", url=auto.url)
    expect(second.part(hooks.MODE_NOTE)).to_contain_text(OWNER)
    expect_apart(first, songs, second)


def test_settings_are_each_guests_own(visit: Visit) -> None:
    expect_own_settings(visit(), visit())


def test_the_owners_settings_are_not_the_guests(visit: Visit, auto: Server) -> None:
    expect_own_settings(visit(url=auto.url), visit(url=auto.url_as(browsers.GUEST_HOST)))


def expect_own_settings(first: LivePage, second: LivePage) -> None:
    """What one changes holds for that one alone."""
    for live in (first, second):
        live.choose_by_hand(Emotion.HAPPY)
        live.expect_songs()
    before = len(second.track_ids())
    first.go_to("Music")
    size = first.part(hooks.LIST_SIZE)
    size.get_by_role("combobox").click(timeout=30_000)
    first.page.get_by_role("option", name="5 songs").click()
    first.go_to("Live")
    first.until(lambda: len(first.track_ids()) == 5, 20_000, "a list of five")
    second.go_to("Music")
    second.go_to("Live")
    second.until(lambda: len(second.track_ids()) == before, 20_000, "the list as it was")
    assert before != 5
