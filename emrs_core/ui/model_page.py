"""The Model page: what the network is, how good it is, where it fails, how it was trained, what it sees."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from html import escape
from typing import Any

import streamlit as st

from emrs_core.errors import ModelError
from emrs_core.ui import hooks, inside_view, model_card, model_charts, resources, state, style, words
from emrs_core.ui.chart_view import draw_chart
from emrs_core.ui.model_card import Judgement
from emrs_core.ui.wall import wall

NO_DETAILS = (
    "This model's card holds single figures only. `python -m emrs_core export-model` writes one with the confusion "
    "matrix and the curves; `evaluate --report` makes a report of any model."
)
NO_HISTORY = (
    "This network came as finished weights, so there are no accuracy and loss curves of its training to show. "
    "A network trained with `python -m emrs_core train` brings its own (`history.csv` in the model's folder)."
)
CURVES_NOTE = (
    "The {epochs} epochs of its last run. What it learns from is turned, darkened, covered in part or mixed; its own "
    "accuracy on that may lie below the one on the validation faces, which are left as they are."
)
PARTS = (("Learned from", "data"), ("Trained with", "training"))


def draw() -> None:
    """The page."""
    style.draw_sheet("model")
    st.title("Model")
    folder = resources.served_folder()
    with wall("card"), _for_this_visitor():
        card = model_card.read_card(folder)
        st.markdown(
            f"Faces are read by {model_card.network(card)}, from grey pictures of 48 × 48 pixels. This is what it is "
            "for, how often it is right, where it fails, and what it looks at."
        )
        _draw_facts(card)
        _draw_use(card)
        with wall("quality"):
            _draw_quality(card)
        with wall("origin"):
            _draw_origin(card)
    with wall("history"), _for_this_visitor():
        _draw_history(model_card.read_history(folder))
    with wall("inside"):
        inside_view.draw()


@contextmanager
def _for_this_visitor() -> Iterator[None]:
    """What is wrong with a file, in the words for owner or guest."""
    try:
        yield
    except ModelError as exc:
        raise ModelError(words.network_problem(str(exc), state.visit().mode)) from exc


def _draw_facts(card: dict[str, Any]) -> None:
    facts = model_card.facts(card)
    with st.container(key=hooks.MODEL_FACTS):
        columns = st.columns(len(facts)) if facts else []
        for column, (label, value, explanation) in zip(columns, facts, strict=True):
            column.metric(label, value, help=explanation, border=True)
    if "n" in card.get("metrics", {}):
        st.caption(
            f"Measured on {card['metrics']['n']:,} validation pictures. They also chose its epoch, temperatures "
            "and precision, so the figures are a little kind; “Where it fails” says whether it had met any of them."
        )


def _draw_use(card: dict[str, Any]) -> None:
    use = card.get("use", {})
    left, right = st.columns(2, gap="large")
    with left:
        _draw_list("What it is for", use.get("intended", []))
        _draw_list("What it is not for", use.get("not_for", []))
    with right:
        _draw_list("Where it fails", card.get("known_failures", []))


def _draw_quality(card: dict[str, Any]) -> None:
    st.header("How good it is")
    judgements = model_card.judgements(card)
    if not judgements:
        st.info(NO_DETAILS, icon=":material/info:")
        return
    by_name = {judgement.name: judgement for judgement in judgements}
    chosen = st.segmented_control(
        "Judged by", list(by_name), default=judgements[0].name, key=hooks.LABEL_CHOICE, required=True
    )
    judgement = by_name[chosen or judgements[0].name]
    st.caption(f"{judgement.explanation} {judgement.figures['n']:,} pictures.")
    _draw_classes(judgement)
    _draw_confidence(judgement)


def _draw_classes(judgement: Judgement) -> None:
    left, right = st.columns(2, gap="large")
    with left:
        st.markdown("**Each emotion**")
        st.html(model_card.class_table(judgement.figures))
    with right, st.container(key=hooks.CONFUSION):
        st.markdown("**What is taken for what** (% of the faces with the label on the left)")
        alt = model_charts.confusion_text(judgement.figures)
        draw_chart(model_charts.confusion_chart(judgement.figures), key="confusion-figure", alt=alt)


def _draw_confidence(judgement: Judgement) -> None:
    if not {"reliability", "coverage"} <= set(judgement.figures):
        return
    left, right = st.columns(2, gap="large")
    with left, st.container(key=hooks.RELIABILITY):
        text = model_charts.reliability_text(judgement.figures)
        st.markdown("**Does its confidence hold?**")
        draw_chart(model_charts.reliability_chart(judgement.figures), key="reliability-figure", alt=text)
        st.caption(f"{text} Larger dots stand for more pictures.")
    with right, st.container(key=hooks.COVERAGE):
        text = model_charts.coverage_text(judgement.figures)
        st.markdown("**What does “not sure” buy?**")
        draw_chart(model_charts.coverage_chart(judgement.figures), key="coverage-figure", alt=text)
        st.caption(f"{text} Live, the mood is an average over many pictures.")


def _draw_origin(card: dict[str, Any]) -> None:
    st.header("Where it comes from")
    for column, (title, part) in zip(st.columns(len(PARTS), gap="large"), PARTS, strict=True):
        rows = "".join(
            f"<dt>{escape(str(key).capitalize())}</dt><dd>{escape(' · '.join(model_card.sentences(value)))}</dd>"
            for key, value in card.get(part, {}).items()
        )
        column.html(f'<h3 class="emrs-facts-title">{title}</h3><dl class="emrs-facts">{rows}</dl>')


def _draw_history(history: dict[str, list[float]] | None) -> None:
    st.header("How it learned")
    if history is None:
        st.info(NO_HISTORY, icon=":material/info:")
        return
    epochs = len(next(iter(history.values())))
    st.caption(CURVES_NOTE.format(epochs=epochs))
    for column, kind in zip(st.columns(2, gap="large"), model_charts.HISTORY_LINES, strict=True):
        with column:
            alt = f"{kind.capitalize()} over {epochs} epochs of training."
            draw_chart(model_charts.history_chart(history, kind), key=f"history-{kind}", alt=alt)


def _draw_list(heading: str, value: Any) -> None:
    """Nothing where the card of somebody's own network does not say."""
    items = model_card.sentences(value)
    if items:
        st.header(heading)
        st.markdown("\n".join(f"- {item}" for item in items))
