"""A table of songs to bring in: two hundred good rows of few columns, and some that cannot be songs."""

from __future__ import annotations

import random

from playwright.sync_api import expect

from emrs_core.testing.catalogues import numbered_id
from emrs_core.ui import hooks
from tests.e2e.live_page import LivePage

NAME = "evening-songs"
GOOD = 200
WORDS = ("Amber", "River", "Paper", "Silver", "Night", "Garden", "Letter", "Harbour", "Window", "Winter")
GENRES = ("folk", "jazz", "soul", "electronic", "classical")


def table() -> bytes:
    """CSV with names that have to be guessed, and five broken rows."""
    rng = random.Random(7)
    lines = ["track_id,track_name,artists,valence,energy,release_date,genre,popularity,duration"]
    for number in range(GOOD):
        title = f"{rng.choice(WORDS)} {rng.choice(WORDS)} {number}"
        artist = f"The {rng.choice(WORDS)}s"
        facts = f"{rng.random():.3f},{rng.betavariate(2, 3):.3f},{rng.randint(1955, 2024)}-05-01"
        last = f"{rng.choice(GENRES)},{rng.randint(1, 99)},{rng.randint(90, 400)}"
        lines.append(f"{numbered_id(number)},{title},{artist},{facts},{last}")
    lines[4:4] = [
        f"{numbered_id(901)},,The Nobodies,0.5,0.5,1999-01-01,folk,10,200",
        f"{numbered_id(902)},Too loud,The Nobodies,0.5,eleven,1999-01-01,folk,10,200",
        "half a row,only",
        f"{numbered_id(904)},Out of range,The Nobodies,1.7,0.5,1999-01-01,folk,10,200",
        f"{numbered_id(905)},No time,The Nobodies,0.7,0.5,one day,folk,10,200",
    ]
    return "\n".join(lines).encode()


def offer(live: LivePage) -> None:
    """Drop that table on the Catalogue page; returns when its first songs are shown."""
    file = {"name": f"{NAME}.csv", "mimeType": "text/csv", "buffer": table()}
    live.part(hooks.CATALOGUE_IMPORT).locator('input[type="file"]').set_input_files([file], timeout=30_000)  # type: ignore[list-item]
    expect(live.page.get_by_text("The first songs, as they would come in")).to_be_visible(timeout=30_000)


def bring_in(live: LivePage) -> None:
    """Offer it and take it in."""
    offer(live)
    live.page.get_by_role("button", name="Bring the songs in").click()
    expect(live.page.get_by_text(f"{GOOD} songs came in")).to_be_visible(timeout=30_000)
