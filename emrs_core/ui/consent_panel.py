"""Consent first: what the camera is for, what is computed, stored and shown to whom, before it may be switched on."""

from __future__ import annotations

from typing import Final

import streamlit as st

from emrs_core.consent import CONSENT_VERSION, SIGNED_IN_VERSION
from emrs_core.errors import StorageError
from emrs_core.timeline.access import Role
from emrs_core.ui import hooks
from emrs_core.ui.state import Visit

INTRO: Final = (
    "EMRS looks at your face through the camera, guesses which of seven emotions your **expression** resembles, lets "
    "the guess settle into a mood, and suggests songs that fit it."
)

COMPUTED: Final = (
    "**What is computed.** Where your face is, how well it can be seen, and seven probabilities: angry, disgusted, "
    "afraid, happy, sad, surprised, neutral. Who you are is never looked up."
)

STORED = {
    Role.OWNER: (
        "**What is stored.** Pictures: never; each is looked at in memory and gone. Kept, in your own data folder: the "
        "session (up to ten times a second seven probabilities, the mood and how well the face could be seen; the "
        "songs), what you yourself say about songs and your mood, and this agreement (version and time). You see, "
        "export and erase all of it, and “Do not keep this session” is always at hand."
    ),
    Role.PERSON: (
        "**What is stored.** Pictures: never; each travels encrypted to this server, is looked at in memory and gone. "
        "Kept, in this server's database under your account: the **session** (up to ten times a second seven "
        "probabilities, the mood and how well the face could be seen; the songs and what you say of them) and this "
        "agreement (version and time). You see, export and erase all of it, and “Do not keep this session” is always "
        "at hand."
    ),
    Role.GUEST: (
        "**What is stored.** Nothing. The camera's pictures travel encrypted to this server, are looked at in "
        "memory and gone. The session (probabilities, mood, songs) and this agreement live in this browser session "
        "and end with it; you can take them with you before."
    ),
}

SEEN = {
    Role.PERSON: "**Who sees it.** You; this server's reviewers, but only sessions that you put into a study; and "
    "whoever runs the server can read its database. Other visitors see nothing. When you press play, Spotify's player "
    "loads, and learns which song, never which mood.",
    Role.OWNER: "**Who sees it.** Only you. Nothing leaves this machine, unless you press play: then Spotify's player "
    "loads, and learns which song, never which mood.",
    Role.GUEST: "**Who sees it.** Only you; other visitors and the operator have no view of it. When you press play, "
    "Spotify's player loads, and learns which song, never which mood.",
}

VERSIONS = {Role.PERSON: SIGNED_IN_VERSION}

LIMITS: Final = (
    "**What it is not.** An expression is not a feeling, and the guess is often wrong. It is not a diagnosis and not a "
    "medical device. Do not use it on people at work or in education: the EU forbids that (AI Act, Article 5)."
)

ARTICLE_50: Final = (
    "You are told this here, before anything happens, because the EU AI Act (Article 50(3)) says that people must know "
    "when a system reads emotions from them. Everybody in the camera's view should know it too."
)


def draw_consent(visit: Visit) -> None:
    """The panel; pressing its button keeps the agreement and redraws the page with the camera ready."""
    with st.container(key=hooks.CONSENT, border=True):
        st.header("Before the camera goes on")
        try:
            visit.consent.get()
        except StorageError as exc:
            st.warning(str(exc), icon=":material/error:")
        st.markdown(INTRO)
        role = visit.viewer.role
        st.markdown("\n".join(f"- {text}" for text in (COMPUTED, STORED[role], SEEN[role], LIMITS)))
        st.caption(ARTICLE_50)
        with st.container(horizontal=True, vertical_alignment="center"):
            agreed = st.button("I agree, go on", type="primary", key=hooks.CONSENT_BUTTON, icon=":material/videocam:")
            st.caption(f"Version {VERSIONS.get(role, CONSENT_VERSION)}. Take it back at any time under *Your data*.")
        if agreed:
            visit.consent.give()
            st.rerun()
