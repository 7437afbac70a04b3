"""The figures as tables: exact numbers for those who copy them, and for those who do not see the charts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

from emrs_core.timeline.events import Phq2
from emrs_core.timeline.statistics.bootstrap import Estimate
from emrs_core.timeline.statistics.course import Course
from emrs_core.timeline.statistics.reports import ReportBesideFace
from emrs_core.timeline.statistics.songs import SongChange
from emrs_core.timeline.statistics.summary import Summary
from emrs_core.ui.record.phq2_view import ANSWERS, QUESTIONS
from emrs_core.ui.timeline.summary import words
from emrs_core.ui.timeline.summary.songs_chart import change_of


def facts_html(summary: Summary) -> str:
    """The four numbers that say at a glance what the session is worth."""
    moves = summary.transitions
    changes = words.UNKNOWN if moves.changes_per_minute is None else f"{moves.changes_per_minute:.1f}"
    longest, of = words.UNKNOWN, ""
    if moves.longest is not None:
        longest, of = words.clock(moves.longest.length_s), f" ({words.mood_name(moves.longest.label).lower()})"
    facts = [
        (words.per_cent(summary.valid_face_share), "with a face that could be read"),
        (words.clock(summary.recorded_s), "recorded"),
        (changes, "changes a minute"),
        (longest, f"longest without a change{of}"),
    ]
    items = "".join(f"<li><strong>{number}</strong> <span>{word}</span></li>" for number, word in facts)
    return f'<ul class="emrs-figures">{items}</ul>'


def time_html(summary: Summary) -> str:
    """Seconds and shares with their intervals, of both readings."""
    raw = {share.name: share for share in summary.raw_emotions}
    rows = []
    for mood in summary.moods:
        look = raw.get(mood.name)
        rows.append(
            (
                words.mood_name(mood.name), words.clock(mood.seconds), words.per_cent(mood.share.value),
                words.share_interval(mood.share) or words.UNKNOWN,
                words.per_cent(look.share.value) if look else words.UNKNOWN,
                (words.share_interval(look.share) if look else "") or words.UNKNOWN,
            )
        )  # fmt: skip
    heads = ("", "Time", "Calm reading", "95 % interval", "Single looks", "95 % interval")
    return _table("Time per emotion", heads, rows)


def course_html(summary: Summary, baseline: bool) -> str:
    """Level, trend, inertia and instability of both dimensions; ``baseline`` adds the level less the neutral face."""
    courses = (summary.valence, summary.arousal)
    rows = [("Mean", *(_estimate(c.mean) for c in courses))]
    if baseline and summary.neutral is not None:
        neutral = (summary.neutral.valence, summary.neutral.arousal)
        shifted = (_estimate(_less(c.mean, place)) for c, place in zip(courses, neutral, strict=True))
        rows.append(("Mean less the neutral face", *shifted))
    rows += [
        ("Slope a minute", *(_estimate(c.slope_per_min, digits=3) for c in courses)),
        ("Inertia", *(words.signed(c.inertia) for c in courses)),
        ("Instability (MSSD)", *(_small(c) for c in courses)),
    ]
    return _table("Valence and arousal", ("", "Valence", "Arousal"), rows, marked=True)


def songs_html(songs: Sequence[SongChange], dimension: str, less: float = 0.0) -> str:
    """Every song; ``less`` is taken from the means (not from the changes, which it does not touch)."""
    rows = []
    for number, song in enumerate(songs, 1):
        change = change_of(song, dimension)
        means = (None if m is None else m - less for m in (change.before, change.during, change.after))
        title = f"{escape(song.song.title or song.song.track_id)}<small>{escape(_about(song))}</small>"
        rows.append(
            (
                str(number), title, *(words.signed(mean) for mean in means),
                _estimate(change.during_less_before), _estimate(change.after_less_before),
            )
        )  # fmt: skip
    heads = ("#", "Song", "Before", "During", "After", "During less before", "After less before")
    return _table(f"{dimension.capitalize()} around each song", heads, rows, marked=True)


def reports_html(reports: Sequence[ReportBesideFace], less: tuple[float, float] = (0.0, 0.0)) -> str:
    """Each self-report, the face around it, and the difference; ``less`` is taken from the face."""
    rows = []
    for beside in reports:
        report, said, face = beside.report, beside.said, beside.face
        when = f"{words.MOMENTS[report.moment]}<small>{words.clock(report.t_s)}</small>"
        valence = None if face is None else face.valence - less[0]
        arousal = None if face is None else face.arousal - less[1]
        rows.append((when, "Valence", f"{report.valence} of 9", *_beside(said.valence, valence)))
        rows.append(("", "Arousal", f"{report.arousal} of 9", *_beside(said.arousal, arousal)))
    heads = ("When", "", "Said", "On the plane", "Face around it", "Said less face")
    return _table("Said beside what the face showed", heads, rows, marked=True)


def phq2_html(given: Sequence[Phq2]) -> str:
    """Both questions with each answer in its words; never a score."""
    heads = ("Over the last two weeks", *(words.clock(one.t_s) for one in given))
    answers = zip(*((one.interest, one.mood) for one in given), strict=True)
    rows = [(q.removeprefix("… "), *(ANSWERS[k] for k in row)) for q, row in zip(QUESTIONS, answers, strict=True)]
    return _table("The two questions of the PHQ-2", heads, rows)


def _beside(said: float, face: float | None) -> tuple[str, str, str]:
    return words.signed(said), words.signed(face), words.signed(None if face is None else said - face)


def _about(song: SongChange) -> str:
    one = song.song
    how = "left early" if one.skipped else "to its end" if one.played_through else ""
    parts = [one.artist, words.clock(one.span.length_s), how, "liked" if one.verdict == "like" else ""]
    return " · ".join(part for part in parts if part)


def _estimate(estimate: Estimate | None, digits: int = 2) -> str:
    if estimate is None:
        return words.UNKNOWN
    between = words.interval(estimate, digits)
    return words.signed(estimate.value, digits) + (f"<small>{between}</small>" if between else "")


def _less(estimate: Estimate | None, by: float) -> Estimate | None:
    if estimate is None:
        return None
    low, high = (None if end is None else end - by for end in (estimate.low, estimate.high))
    return Estimate(estimate.value - by, low, high)


def _small(course: Course) -> str:
    return words.plain(course.instability, digits=4)


def _table(caption: str, heads: Sequence[str], rows: Iterable[Sequence[str]], marked: bool = False) -> str:
    """``marked``: the cells are HTML already; else they are escaped here."""
    head = "".join(f'<th scope="col">{title}</th>' for title in heads)
    body = "".join(f"<tr>{''.join(_cells(row, marked))}</tr>" for row in rows)
    return (
        f'<div class="emrs-table-frame" tabindex="0" role="region" aria-label="{caption}"><table class="emrs-table">'
        f"<caption>{caption}</caption><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def _cells(row: Sequence[str], marked: bool) -> Iterable[str]:
    for place, cell in enumerate(row):
        text = cell if marked else escape(cell)
        yield f'<th scope="row">{text}</th>' if place == 0 else f"<td>{text}</td>"
