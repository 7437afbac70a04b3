"""What holds of a session now: its history with the amendments and withdrawals of the review applied."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from emrs_core.timeline.events import Amended, Excluded, Withdrawn
from emrs_core.timeline.intervals import Span, inside, merged
from emrs_core.timeline.sessions import Timeline


def current(timeline: Timeline) -> Timeline:
    """The same session as it stands after review; applying it twice changes nothing.

    An amended event keeps its own id, so that it can be amended again; the last word (by ``at``) counts. Withdrawing an
    amendment brings back what stood before it, withdrawing a withdrawal brings the event back. Samples and events come
    out in order of time, whatever order they were written in.
    """
    reviews = reviews_of(timeline)
    gone = withdrawn_ids(timeline)
    standing = {e.id: e for e in timeline.events if not isinstance(e, Amended | Withdrawn)}
    for review in reviews:
        if isinstance(review, Amended) and review.id not in gone and review.target_id in standing:
            standing[review.target_id] = replace(review.replacement, id=review.target_id)
    events = sorted((e for e in standing.values() if e.id not in gone), key=lambda e: e.t_s)
    return replace(timeline, events=tuple(events), samples=timeline.samples.in_order())


def reviews_of(timeline: Timeline) -> tuple[Amended | Withdrawn, ...]:
    """Every edit of the review, in the order in which they were made."""
    return tuple(sorted((e for e in timeline.events if isinstance(e, Amended | Withdrawn)), key=lambda e: e.at))


def withdrawn_ids(timeline: Timeline) -> frozenset[str]:
    """The ids of the events, and of the edits, that were taken away and stay so."""
    gone: set[str] = set()
    for review in reversed(reviews_of(timeline)):  # a later word about a review decides whether that one still counts
        if isinstance(review, Withdrawn) and review.id not in gone:
            gone.add(review.target_id)
    return frozenset(gone)


def excluded_spans(timeline: Timeline) -> tuple[Span, ...]:
    """The time that the review leaves out of every statistic. Give it a ``current`` timeline."""
    return merged(Span(e.t_s, e.until_s) for e in timeline.events if isinstance(e, Excluded))


def included(timeline: Timeline) -> NDArray[np.bool_]:
    """(N,) the samples outside excluded time. Give it a ``current`` timeline."""
    kept: NDArray[np.bool_] = ~inside(timeline.samples.t_s, excluded_spans(timeline))
    return kept


def length_s(timeline: Timeline) -> float:
    """Seconds from the beginning to the last thing known of the session."""
    last_sample = float(np.max(timeline.samples.t_s)) if len(timeline.samples) else 0.0
    return max([last_sample, *(e.t_s for e in timeline.events if not isinstance(e, Amended | Withdrawn))])
