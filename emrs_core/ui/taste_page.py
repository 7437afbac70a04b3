"""What I learned about your taste: in sentences, with what each rests on; to object to, take along, or erase."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from html import escape
from typing import Any, Final

import streamlit as st

from emrs_core.music.taste.facts import TasteFact
from emrs_core.music.taste.feedback import Feedback, FeedbackKind
from emrs_core.music.taste.profile import ListenerProfile, TasteSummary
from emrs_core.protocols import Catalogue
from emrs_core.settings import Mode
from emrs_core.types import EMOTIONS, Emotion
from emrs_core.ui import hooks, state, style, times, words
from emrs_core.ui.own_data import draw_erase_taste, draw_take_away
from emrs_core.ui.song_rows import SongRow, draw_rows
from emrs_core.ui.state import Visit
from emrs_core.ui.wall import wall

SHOWN_OPINIONS: Final = 50
"""The latest; all of them are in the export."""
TOLD_FACTOR: Final = 1.1
"""A reading that is moved by less than a tenth is not worth a sentence."""
TOLD_OFFSET: Final = 0.05
"""Plane units, a quarter of what an emotion's point may be off by."""

KEPT: Final = {
    Mode.LOCAL: "It is kept in a file on this machine and read by nobody else.",
    Mode.HOSTED: "It is kept in this browser session and ends with it.",
}
EMPTY: Final = (
    "Nothing yet. Give songs a thumb on the Music page, and this page says what follows from it. Until then songs are "
    "chosen by mood alone."
)


def draw() -> None:
    """The page."""
    visit = state.visit()
    style.draw_sheet("taste")
    st.title("What I learned about your taste")
    st.markdown(f"From what you said about songs and how you heard them; never from your face. {KEPT[visit.mode]}")
    profile = visit.session.profile
    with wall("taste"):
        summary = profile.summary()
        if summary.empty:
            st.html(f'<p class="emrs-empty">{EMPTY}</p>')
        _draw_facts(summary)
    with wall("corrections"):
        _draw_corrections(profile)
    with wall("opinions"):
        _draw_opinions(visit)
    with wall("taste-data"):
        _draw_data(visit)


def _draw_facts(summary: TasteSummary) -> None:
    if not summary.opinions:
        return
    with st.container(key=hooks.TASTE_FACTS):
        st.header("What I think you like")
        if summary.facts:
            st.html(facts_html(summary.facts))
        else:
            st.markdown("Nothing stands out yet: a few more thumbs, and it will.")
        st.caption(_basis(summary))


def _basis(summary: TasteSummary) -> str:
    counts = ", ".join(
        f"{count} × {words.OPINIONS[kind]}" for kind in FeedbackKind if (count := summary.opinions.get(kind, 0))
    )
    gone = f" {summary.gone} of them about songs that are not in the catalogue now." if summary.gone else ""
    since = f" since {times.here(summary.since)}" if summary.since else ""
    bars = " Bars: how far a song moves up or down for it; faint ones are less sure." if summary.facts else ""
    return f"From {counts}{since}.{gone}{bars}"


def facts_html(facts: Sequence[TasteFact]) -> str:
    """Each fact as a sentence with its bar: to the right for more, to the left for less, fainter where less sure."""
    return f'<ul class="emrs-facts">{"".join(_fact(fact) for fact in facts)}</ul>'


def _fact(fact: TasteFact) -> str:
    width = min(1.0, abs(fact.effect)) * 50
    side = "left: 50%" if fact.effect > 0 else f"left: {50 - width:.1f}%"
    kind = "more" if fact.effect > 0 else "less"
    basis = "1 opinion" if fact.opinions == 1 else f"{fact.opinions} opinions"
    return (
        f'<li><span class="emrs-fact-text">{escape(fact.sentence)}.</span>'
        f'<span class="emrs-fact-bar" aria-hidden="true"><span class="emrs-fact-{kind}" '
        f'style="{side}; width: {width:.1f}%; opacity: {0.35 + 0.65 * (fact.sure - 0.5) * 2:.2f}"></span></span>'
        f'<span class="emrs-fact-sure">{words.percent(fact.sure)} sure, from {basis}</span></li>'
    )


def _draw_corrections(profile: ListenerProfile) -> None:
    summary = profile.summary()
    left, right = st.columns(2, gap="large")
    with left, st.container(key=hooks.OFFSET):
        st.header("Your mood beside your face")
        st.markdown(offset_sentence(summary.offset.valence, summary.offset.arousal, summary.offset.count))
        if summary.offset.count:
            _draw_button("Reset", hooks.RESET_OFFSET, "restart_alt", profile.offset.reset)
    with right, st.container(key=hooks.READING):
        st.header("How your face is read")
        st.markdown(reading_sentence(summary))
        if summary.answers:
            with st.container(horizontal=True, gap="small"):
                _draw_button("Undo the last answer", hooks.UNDO_READING, "undo", profile.correction.undo)
                _draw_button("Reset", hooks.RESET_READING, "restart_alt", profile.correction.reset)


def _draw_button(label: str, key: str, icon: str, change: Callable[[], object]) -> None:
    st.button(label, key=key, icon=f":material/{icon}:", on_click=_do, args=(change,))


def offset_sentence(valence: float, arousal: float, count: int) -> str:
    """The learned difference in words and numbers."""
    if not count:
        return "Drag the dot on the Music page while the camera sees you, and the difference to your face is learned."
    parts = []
    if abs(valence) >= TOLD_OFFSET:
        parts.append("more pleasant" if valence > 0 else "less pleasant")
    if abs(arousal) >= TOLD_OFFSET:
        parts.append("more energetic" if arousal > 0 else "calmer")
    basis = "once" if count == 1 else f"{count} times"
    if not parts:
        return f"You said {basis} how you feel; on the whole your face tells it as it is."
    return (
        f"You feel **{' and '.join(parts)}** than your face looks: valence {valence:+.2f}, arousal {arousal:+.2f}, "
        f"from what you said {basis}. The music allows for it."
    )


def reading_sentence(summary: TasteSummary) -> str:
    """Which emotions are read more or less readily since the person answered."""
    if not summary.answers:
        return "Answer “Was that right?” on the Live page, and your face is read a little differently from then on."
    basis = "1 answer" if summary.answers == 1 else f"{summary.answers} answers"
    moved = [
        f"{_name(emotion)} {'more' if factor > 1 else 'less'} readily (× {factor:.2f})"
        for emotion in EMOTIONS
        if not 1 / TOLD_FACTOR < (factor := summary.reading[emotion]) < TOLD_FACTOR
    ]
    return (
        f"From {basis}: your face is read as {'; '.join(moved)}." if moved else f"From {basis}: hardly any change yet."
    )


def _name(emotion: Emotion) -> str:
    return f"**{words.EMOTION_NAMES[emotion].lower()}**"


def _draw_opinions(visit: Visit) -> None:
    profile = visit.session.profile
    opinions = profile.feedback()
    if not opinions:
        return
    with st.container(key=hooks.OPINIONS):
        with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
            st.header("What you said")
            last = opinions[-1]
            st.button(
                f"Undo: {words.OPINIONS[last.kind]} “{_title(visit.session.music.catalogue, last)}”",
                key=hooks.UNDO_OPINION,
                icon=":material/undo:",
                on_click=_do,
                args=(visit.session.music.undo,),
            )
        catalogue = visit.session.music.catalogue
        rows = [_row(catalogue, opinion) for opinion in reversed(opinions[-SHOWN_OPINIONS:])]
        draw_rows(rows, "What you said of songs, the latest first")


def _row(catalogue: Catalogue, opinion: Feedback) -> SongRow:
    track = catalogue.get(opinion.track_id)
    said = (words.OPINIONS[opinion.kind], times.brief(opinion.at, st.context.timezone))
    return SongRow(_title(catalogue, opinion), track.artist if track else "", said)


def _title(catalogue: Catalogue, opinion: Feedback) -> str:
    track = catalogue.get(opinion.track_id)
    return track.title if track else "a song that is not in the catalogue now"


def _draw_data(visit: Visit) -> None:
    st.header("Yours to take or to erase")
    profile = visit.session.profile
    with st.container(horizontal=True, gap="small"):
        draw_take_away(hooks.EXPORT_TASTE, f"emrs-taste-{datetime.now():%Y%m%d}.json", profile.export)
        draw_erase_taste(visit, "Erase all of it")


def _do(action: Any) -> None:
    """A callback's value would be taken for nothing; errors show where the page is drawn next."""
    with wall("taste-action"):
        action()
