"""Names that stay: the keys of containers and widgets.

Streamlit gives every keyed container the CSS class ``st-key-<key>``, so styles and browser tests hold on to these.
The mood's name stands as text in an element of class ``emrs-mood-name`` inside ``MOOD_CARD``.
"""

from __future__ import annotations

from typing import Final

# The frame that every page shares (drawn by ui/frame.py, in this order).
PHONE_NAVIGATION: Final = "phone-navigation"  # two rows of links, on narrow screens
PHONE_GROUPS: Final = "phone-groups"  # the groups of pages
PHONE_PAGES: Final = "phone-pages"  # the pages of the group that is open; empty when it has one
MODE_NOTE: Final = "mode-note"  # whose data this is
BADGES: Final = "badges"  # who is signed in, whose Spotify is connected
MODEL_PROBLEM: Final = "model-problem"  # faces cannot be read, and why
STAGE: Final = "stage"  # the two columns: camera or another way in, and the mood card
LEAD: Final = "lead"  # above the camera: agreement, or the ways to tell a mood
CAMERA: Final = "camera"  # the stream's iframe; docked at the corner on other pages
RECORD: Final = "record"  # below the camera: the session that is being kept
SIDE: Final = "side"  # right of the camera
LAYOUT: Final = "layout"  # takes no room: the styles that say where camera and player stand
BODY: Final = "body"  # what the page itself draws
PLAYER: Final = "player"  # the dock at the bottom while a song is chosen; on the Music page on top
LINK: Final = "link"  # takes no room; its note (class emrs-link-note) stands outside of the page

# Parts of the Live page.
CONSENT: Final = "consent"
CONSENT_BUTTON: Final = "consent-agree"
WAY_IN: Final = "way-in"  # Camera | By hand | Snapshot | Photo
CAMERA_NOTICE: Final = "camera-notice"  # what is wrong with the camera, and what to do
MOOD_CARD: Final = "mood-card"
ANSWER: Final = "answer"  # "was that right?"
CURVES: Final = "mood-curves"  # the heading over both charts
EMOTION_CHART: Final = "emotion-chart"
PLANE: Final = "plane"
STATUS_LINE: Final = "status-line"
SONGS: Final = "songs"
OTHER_SONGS: Final = "other-songs"
FOLLOW_CAMERA: Final = "follow-camera"
HAND: Final = "hand"
SNAPSHOT: Final = "snapshot"
PHOTO: Final = "photo"

# The session that is being kept, on the Live page.
RECORD_ROW: Final = "record-row"
SELF_REPORT: Final = "self-report"  # how one feels: figures, or the plane
REPORT_SKIP: Final = "self-report-skip"
REPORT_NEVER: Final = "self-report-never"
SAID: Final = "said"  # one's own word beside the face
SAID_UNDO: Final = "said-undo"
SAID_CLOSE: Final = "said-close"
CALIBRATE: Final = "calibrate"
CALIBRATE_AGAIN: Final = "calibrate-again"
CALIBRATION: Final = "calibration"
CALIBRATION_CLOSE: Final = "calibration-close"
PHQ2: Final = "phq2"
MARK_KEYS: Final = "mark-keys"
MARK_KEYS_SAVE: Final = "mark-keys-save"
FACTS: Final = "session-facts"
FACTS_SAVE: Final = "session-facts-save"
NEXT_SESSION: Final = "next-session"
REPORT_NOW: Final = "self-report-now"
REPORT_OFTEN: Final = "self-report-often"
RECORD_BAR: Final = "record-bar"
RECORD_ASK: Final = "record-ask"
RECORD_DURING: Final = "record-during"  # over the mood card: how one feels now, while the camera is on
RECORD_MORE: Final = "record-more"  # what a researcher sets, in a popover

# Music page.
WISH: Final = "wish"  # what the music should do: goal, length, filters
MUSIC_PROBLEM: Final = "music-problem"
MOOD_PLANE: Final = "mood-plane"  # where one is, where one wants to be, the songs between
GOAL: Final = "goal"
AIM: Final = "aim"
LIST_SIZE: Final = "list-size"
FILTERS: Final = "filters"
CLEAR_FILTERS: Final = "clear-filters"
LOOSEN: Final = "loosen"

# Taste page.
TASTE_FACTS: Final = "taste-facts"
OFFSET: Final = "mood-offset"
RESET_OFFSET: Final = "reset-offset"
READING: Final = "reading-correction"
UNDO_READING: Final = "undo-reading"
RESET_READING: Final = "reset-reading"
OPINIONS: Final = "opinions"
UNDO_OPINION: Final = "undo-opinion"
EXPORT_TASTE: Final = "export-taste"
ERASE_TASTE: Final = "erase-taste"

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

# Catalogue page.
CATALOGUES: Final = "catalogues"
CATALOGUE_FIGURES: Final = "catalogue-figures"
CATALOGUE_IMPORT: Final = "catalogue-import"
CATALOGUE_FILE: Final = "catalogue-file"
CATALOGUE_PATH: Final = "catalogue-path"
CATALOGUE_FETCH: Final = "catalogue-fetch"
CATALOGUE_NAME: Final = "catalogue-name"
CATALOGUE_START: Final = "catalogue-start"
CATALOGUE_ERRORS: Final = "catalogue-errors"
# Spotify page, and what a connected listener finds elsewhere.
SPOTIFY_SETUP: Final = "spotify-setup"  # without a Client ID: what to do
SPOTIFY_STEP: Final = "spotify-step-"  # and the step's number
SPOTIFY_CONNECT: Final = "spotify-connect"  # the way to the login
SPOTIFY_ACCOUNT: Final = "spotify-account"  # who is connected, what is allowed
SPOTIFY_DISCONNECT: Final = "spotify-disconnect"
SPOTIFY_ACTIONS: Final = "spotify-actions"  # under the songs of the Music page
SPOTIFY_BADGE: Final = "spotify-badge"  # in the frame of every page
SPOTIFY_NOTICE: Final = "spotify-notice"  # how a login ended
SPOTIFY_DEVICES: Final = "spotify-devices"
SPOTIFY_SAVING: Final = "spotify-saving"
SPOTIFY_SEARCH: Final = "spotify-search"
SPOTIFY_PRIVACY: Final = "spotify-privacy"  # on the page Your data
SPOTIFY_FOUND: Final = "spotify-found-"  # and the place among the songs found
SPOTIFY_TASTE: Final = "spotify-taste"

# Timelines page.
TIMELINES: Final = "timelines"
TIMELINES_VIEW: Final = "timelines-view"  # Sessions | Compare | People and studies
TIMELINES_BACK: Final = "timelines-back"  # from one session to all
SESSIONS: Final = "sessions"  # the list
SESSIONS_EMPTY: Final = "sessions-empty"  # nothing is kept yet
SESSIONS_SEARCH: Final = "sessions-search"
SESSIONS_TEXT: Final = "sessions-text"
SESSIONS_FILTERS: Final = "sessions-filters"
SESSIONS_STUDY: Final = "sessions-study"
SESSIONS_PARTICIPANT: Final = "sessions-participant"
SESSIONS_CONDITION: Final = "sessions-condition"
SESSIONS_TAG: Final = "sessions-tag"
SESSIONS_SINCE: Final = "sessions-since"
SESSIONS_UNTIL: Final = "sessions-until"
SESSIONS_KIND: Final = "sessions-kind"  # all | recorded | synthetic
SESSIONS_CLEAR: Final = "sessions-clear"
SESSIONS_PAGES: Final = "sessions-pages"
SESSIONS_NEWER: Final = "sessions-newer"
SESSIONS_OLDER: Final = "sessions-older"
SESSIONS_CHOSEN: Final = "sessions-chosen"  # what can be done with the chosen ones
SESSIONS_NONE: Final = "sessions-none"  # choose none any more
SESSIONS_COMPARE: Final = "sessions-compare"
SESSIONS_EXPORT: Final = "sessions-export"
SESSIONS_FORMAT: Final = "sessions-format"
SESSIONS_TAKE: Final = "sessions-take"  # the download itself
SESSIONS_DELETE: Final = "sessions-delete"
SESSIONS_SURE: Final = "sessions-sure"  # delete them for good
SESSIONS_ASSIGN: Final = "sessions-assign"
ASSIGN: Final = "assign"  # the assignment itself
ASSIGN_STUDY: Final = "assign-study"
ASSIGN_PARTICIPANT: Final = "assign-participant"
ASSIGN_CONDITION: Final = "assign-condition"
ASSIGN_TAGS: Final = "assign-tags"
ASSIGN_AWAY: Final = "assign-tags-away"
PEOPLE: Final = "people"  # People and studies
STUDIES: Final = "studies"
STUDY_NEW: Final = "study-new"
STUDY: Final = "study-at-"  # and its place in the list
PARTICIPANTS: Final = "participants"
PARTICIPANT: Final = "participant"  # which one is chosen
PARTICIPANT_NEW: Final = "participant-new"
PARTICIPANT_CODE: Final = "participant-code"
PARTICIPANT_DRAW: Final = "participant-draw"  # another code
PARTICIPANT_MAKE: Final = "participant-make"
PARTICIPANT_CARD: Final = "participant-card"
PARTICIPANT_SAVE: Final = "participant-save"
PARTICIPANT_EXPORT: Final = "participant-export"
PARTICIPANT_ERASE: Final = "participant-erase"
PARTICIPANT_CONFIRM: Final = "participant-confirm"
PARTICIPANT_SURE: Final = "participant-sure"  # erase for good
CONSENTS: Final = "consents"
CONSENT_NEW: Final = "consent-new"
CONSENT_VERSION: Final = "consent-version"
CONSENT_AT: Final = "consent-at"
CONSENT_SAVE: Final = "consent-save"
CONSENT_BACK: Final = "consent-back"
CONSENT_BACK_SURE: Final = "consent-back-sure"
SESSIONS_IMPORT: Final = "sessions-import"
SESSIONS_FILES: Final = "sessions-files-"  # and the number of imports before
SESSIONS_BRING: Final = "sessions-bring"  # the import itself
SESSIONS_TOLD: Final = "sessions-told"
DEMO_ADD: Final = "demo-add"
DEMO_REMOVE: Final = "demo-remove"
COMPARED: Final = "compared"
COMPARED_SESSIONS: Final = "compared-sessions"
COMPARED_QUANTITY: Final = "compared-quantity"
COMPARED_CURVES: Final = "compared-curves"
COMPARED_TABLE: Final = "compared-table"

# A kept session's figures, beside its timeline.
SUMMARY: Final = "summary"
SUMMARY_NOTES: Final = "summary-notes"
SUMMARY_TIME: Final = "summary-time"
SUMMARY_MOVES: Final = "summary-moves"
SUMMARY_DIMENSION: Final = "summary-dimension"  # Valence | Arousal
SUMMARY_SONGS: Final = "summary-songs"

# Player.
PLAYER_ROW: Final = "player-row"
PLAYER_EMBED: Final = "player-embed"
STOP_PLAYING: Final = "stop-playing"
NEXT_SONG: Final = "next-song"
ADVICE: Final = "advice"

# Signing in.
SIGN_IN_BADGE: Final = "sign-in-badge"  # in the frame of every page
SIGN_IN_OFFER: Final = "sign-in-offer"
SIGN_IN_BROUGHT: Final = "sign-in-brought"  # what a visit recorded before its guest signed in
SIGN_IN_KEEP: Final = "sign-in-keep"
SIGN_IN_FORGET: Final = "sign-in-forget"
SIGN_IN_ACCOUNT: Final = "sign-in-account"  # on the page Your data
SIGN_OUT: Final = "sign-out"

# Your data.
WITHDRAW: Final = "withdraw"
KEEP: Final = "keep-session"
KEEP_NOT: Final = "keep-session-not"
ERASE: Final = "erase"
HEARD: Final = "heard"  # the songs that were on
EXPORT: Final = "export"
KEPT_TABLE: Final = "kept-table"  # what is kept, where and until when
KEPT: Final = "kept"  # the sessions that are kept
KEPT_EXPORT: Final = "kept-export"
KEPT_ERASE: Final = "kept-erase"
KEPT_SURE: Final = "kept-sure"

# Timelines: one session.
SESSION_HEAD: Final = "session-head"
SESSION_CONTROLS: Final = "session-controls"
SESSION_READINGS: Final = "session-readings"
SESSION_FORM: Final = "session-form"
SESSION_EARLIER: Final = "session-earlier-neutral"
SESSION_BASELINE: Final = "session-baseline"
SESSION_THRESHOLD: Final = "session-threshold"
SESSION_CHART: Final = "session-chart"
SESSION_EPISODES: Final = "session-episodes"
SESSION_MARKS: Final = "session-marks"
SESSION_ADD: Final = "session-add"
SESSION_CHOSEN: Final = "session-chosen"
SESSION_WITHDRAW: Final = "session-withdraw"
SESSION_HISTORY: Final = "session-history"

# The wall.
ERROR: Final = "error"


def hand_button(emotion: str) -> str:
    """The key of the button that chooses an emotion by hand."""
    return f"hand-{emotion}"


def answer_button(emotion: str) -> str:
    """The key of the button that answers which emotion it was."""
    return f"answer-{emotion}"


def use_button(catalogue: str) -> str:
    """The key of the button that takes that catalogue into use."""
    return f"catalogue-use-{catalogue}"


def delete_button(catalogue: str) -> str:
    """The key of the button that deletes that catalogue."""
    return f"catalogue-delete-{catalogue}"


def column_choice(field: str) -> str:
    """The key of the choice of a field's column begins so; the file's fingerprint follows."""
    return f"catalogue-column-{field}"


def css(key: str) -> str:
    """The CSS selector of a keyed container or widget."""
    return f".st-key-{key}"
