"""Names that stay: the keys of containers and widgets.

Streamlit gives every keyed container the CSS class ``st-key-<key>``, so styles and browser tests hold on to these.
The mood's name stands as text in an element of class ``emrs-mood-name`` inside ``MOOD_CARD``.
"""

from __future__ import annotations

from typing import Final

# The frame that every page shares (drawn by ui/main.py, in this order).
PHONE_NAVIGATION: Final = "phone-navigation"  # the pages in a row, on narrow screens
MODE_NOTE: Final = "mode-note"  # whose data this is
STAGE: Final = "stage"  # the two columns: camera or another way in, and the mood card
LEAD: Final = "lead"  # above the camera: agreement, or the ways to tell a mood
CAMERA: Final = "camera"  # the stream's iframe; docked at the corner on other pages
SIDE: Final = "side"  # right of the camera
BODY: Final = "body"  # what the page itself draws
PLAYER: Final = "player"  # the dock at the bottom, while a song is chosen
LINK: Final = "link"  # takes no room; its note (class emrs-link-note) stands outside of the page

# Parts of the Live page.
CONSENT: Final = "consent"
CONSENT_BUTTON: Final = "consent-agree"
WAY_IN: Final = "way-in"  # Camera | By hand | Snapshot | Photo
CAMERA_NOTICE: Final = "camera-notice"  # what is wrong with the camera, and what to do
MOOD_CARD: Final = "mood-card"
EMOTION_CHART: Final = "emotion-chart"
PLANE: Final = "plane"
STATUS_LINE: Final = "status-line"
SONGS: Final = "songs"
OTHER_SONGS: Final = "other-songs"
FOLLOW_CAMERA: Final = "follow-camera"
HAND: Final = "hand"
SNAPSHOT: Final = "snapshot"
PHOTO: Final = "photo"

# Music page.
SONG_MAP: Final = "song-map"
LIST_SIZE: Final = "list-size"

# Model page.
MODEL_FACTS: Final = "model-facts"
LABEL_CHOICE: Final = "model-labels"  # whose word counts: most people's, or FER2013's own label
CONFUSION: Final = "model-confusion"
RELIABILITY: Final = "model-reliability"
COVERAGE: Final = "model-coverage"
INSIDE: Final = "inside"  # what the network sees
INSIDE_SOURCE: Final = "inside-source"  # Sample | Snapshot | Photo
INSIDE_START: Final = "inside-start"
INSIDE_RETRY: Final = "inside-retry"
INSIDE_RESULT: Final = "inside-result"
INSIDE_EMOTION: Final = "inside-emotion"
INSIDE_CAM: Final = "inside-cam"
INSIDE_LAYER: Final = "inside-layer"

# Player.
STOP_PLAYING: Final = "stop-playing"

# Your data.
WITHDRAW: Final = "withdraw"
ERASE: Final = "erase"
KEEP_SESSION: Final = "session-keep"
DECLINE_SESSION: Final = "session-decline"
EXPORT: Final = "export"

# The wall.
ERROR: Final = "error"


def hand_button(emotion: str) -> str:
    """The key of the button that chooses an emotion by hand."""
    return f"hand-{emotion}"


def css(key: str) -> str:
    """The CSS selector of a keyed container or widget."""
    return f".st-key-{key}"
