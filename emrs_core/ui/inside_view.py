"""What the network sees: feature maps of any layer, and Grad-CAM over the face, for one picture.

Keras answers from a process of its own, shared by all visitors; this one only sends it 48 x 48 grey pixels.
"""

from __future__ import annotations

import re
from enum import StrEnum
from typing import Final

import streamlit as st

from emrs_core.errors import EmrsError, InspectionError
from emrs_core.training.inside import LayerInfo, LookRequest, NetworkLook
from emrs_core.types import EMOTIONS, Emotion
from emrs_core.ui import consent_panel, feature_images, hooks, resources, state, stills, subjects, words
from emrs_core.ui.state import Inside, Subject, Visit

INTRO: Final = (
    "Layer upon layer of filters turns the face into numbers, each from the one before: first edges and shadows, then "
    "corners of mouths and eyes, at last whole expressions. Choose a face, and see what every filter answers and which "
    "parts of the face speak for an emotion."
)
FIRST_TIME: Final = (
    "The first look starts TensorFlow in a process of its own, which takes 5 to 30 seconds; the next come at once. It "
    "gets nothing but the 48 × 48 grey pixels of the face, and nothing is stored."
)
STARTING: Final = "Starting TensorFlow: 5 to 30 seconds, the first time only …"
LOOKING: Final = "Looking inside …"
CAM_NOTE: Final = (
    "[Grad-CAM](https://arxiv.org/abs/1610.02391) (Selvaraju et al. 2017): bright parts raise the score of "
    "**{emotion}**. It is taken from the {size} maps of `{layer}`, so a patch stands for about {patch} pixels of the "
    "input."
)
CAM_EMPTY: Final = "Nothing in this face speaks for **{emotion}** at `{layer}`; the picture stays grey."
LAYER_NAME = re.compile(r"^(?:conv|bn|relu|pool)(\d+)(?:_(\d+))?$")
"""Names of the VGG's layers: block, and convolution within it."""


class Source(StrEnum):
    """Where the face comes from."""

    SAMPLE = "Sample"
    SNAPSHOT = "Snapshot"
    PHOTO = "Photo"


def draw() -> None:
    """The section; its own widgets redraw nothing else of the page."""
    with st.container(key=hooks.INSIDE):
        st.header("What the network sees")
        st.markdown(INTRO)
        st.fragment(_draw)()


def _draw() -> None:
    visit = state.visit()
    inside = visit.inside
    data = _picture(visit)
    if data is None:
        inside.forget()
        return
    try:
        subject = _subject(inside, data)
    except EmrsError as exc:
        st.error(str(exc), icon=":material/broken_image:")
        return
    invitation = st.empty()
    if not inside.started:
        with invitation.container():
            inside.started = st.button(
                "Look inside", key=hooks.INSIDE_START, type="primary", icon=":material/visibility:"
            )
            if not resources.inspector().ready:
                st.caption(FIRST_TIME)
    if inside.started:
        invitation.empty()
        try:
            inside.look = _look(inside.look, subject)
        except InspectionError as exc:
            inside.look = None
            problem = str(exc)
            if str(resources.served_folder()) in problem:
                problem = words.network_problem(problem, visit.mode)
            st.error(problem, icon=":material/error:")
            st.button("Try again", key=hooks.INSIDE_RETRY, icon=":material/refresh:")  # the redraw is what tries
            return
        with st.container(key=hooks.INSIDE_RESULT):
            _draw_look(subject, inside.look)


def _subject(inside: Inside, data: bytes) -> Subject:
    """The face of the picture, found once. Raises ImageError."""
    if inside.subject is None or inside.subject.fingerprint != stills.fingerprint(data):
        inside.started &= resources.inspector().ready  # another face costs nothing then
        inside.forget()
        st.session_state.pop(hooks.INSIDE_EMOTION, None)  # another face, another emotion
        inside.subject = subjects.find(data, resources.load().services.model)
    return inside.subject


def _picture(visit: Visit) -> bytes | None:
    """The encoded picture that the visitor chose; None until there is one."""
    chosen = st.segmented_control(
        "The face", list(Source), default=Source.SAMPLE, key=hooks.INSIDE_SOURCE, required=True
    )
    if chosen == Source.SAMPLE or chosen is None:
        st.caption("The sample is NASA’s portrait of the astronaut Eileen Collins (public domain).")
        return subjects.sample()
    if visit.consent.get() is None:
        consent_panel.draw_consent(visit)
        return None
    if chosen == Source.SNAPSHOT:
        picture = st.camera_input("Take one picture", key="inside-snapshot", help="It is looked at and not stored.")
    else:
        picture = st.file_uploader(
            "Choose a photo with a face",
            type=list(stills.FORMATS),
            key="inside-photo",
            max_upload_size=stills.MAX_MB,
            help="It is looked at in memory and not stored.",
        )
    return None if picture is None else picture.getvalue()


def _look(last: NetworkLook | None, subject: Subject) -> NetworkLook:
    """The last answer while it is what is asked for, else a new one. Raises InspectionError."""
    have = (last.layer, str(last.emotion), last.cam_layer) if last else (None, None, None)
    keys = (hooks.INSIDE_LAYER, hooks.INSIDE_EMOTION, hooks.INSIDE_CAM)
    layer, emotion, cam_layer = wanted = tuple(
        st.session_state.get(key) or old for key, old in zip(keys, have, strict=True)
    )
    if last is not None and wanted == have:
        return last
    inspector = resources.inspector()
    with st.spinner(LOOKING if inspector.ready else STARTING, show_time=True):
        return inspector.look(LookRequest(subject.crop, layer, Emotion(emotion) if emotion else None, cam_layer))


def _draw_look(subject: Subject, look: NetworkLook) -> None:
    left, middle, right = st.columns(3, gap="medium")
    with left:
        st.markdown("**What goes in**")
        st.image(feature_images.enlarged(subject.crop), width="stretch", alt="The face as the network gets it")
        st.caption("48 × 48 grey pixels: all that the network ever gets of a face.")
    with middle:
        st.markdown("**What speaks for it**")
        st.image(
            feature_images.heat_over(subject.picture, look.cam),
            width="stretch",
            alt=f"The face, warm where it speaks for {_emotion_name(look.emotion).lower()}",
        )
        st.caption(_cam_note(look))
    with right:
        st.markdown("**What it says**")
        st.html(_bars(look))
        st.selectbox(
            "Show what speaks for",
            [str(emotion) for emotion in EMOTIONS],
            index=EMOTIONS.index(look.emotion),
            format_func=_emotion_name,
            key=hooks.INSIDE_EMOTION,
        )
        st.selectbox(
            "Detail of the heat",
            list(look.cam_layers),
            index=look.cam_layers.index(look.cam_layer),
            format_func=lambda name: f"{size_text(_layer(look, name))} · {name}",
            key=hooks.INSIDE_CAM,
            help="Earlier layers are finer and know less; the last knows most and is coarsest.",
        )
    _draw_maps(look)


def _draw_maps(look: NetworkLook) -> None:
    names = [layer.name for layer in look.layers]
    chosen = feature_images.strongest(look.maps)
    layer = _layer(look, look.layer)
    which = "All" if len(chosen) == layer.channels else f"The {len(chosen)} with the most contrast of"
    left, right = st.columns([4, 8], gap="medium")
    with left:
        st.markdown("**Feature maps**")
        st.selectbox(
            "Layer",
            names,
            index=names.index(look.layer),
            format_func=lambda name: layer_text(_layer(look, name)),
            key=hooks.INSIDE_LAYER,
        )
        st.caption(
            f"{which} {layer.channels} maps of `{layer.name}`, each from its own lowest value (dark) to its highest "
            "(bright). Each is one filter’s answer at every place of the face."
        )
    alt = f"Feature maps of {look.layer}, dark where a filter answers least, bright where most"
    right.image(feature_images.sheet(look.maps[chosen]), width="stretch", output_format="PNG", alt=alt)


def layer_text(layer: LayerInfo) -> str:
    """A layer for the list: where it stands in the network, what it does, how large its maps are."""
    where = layer.own_name
    found = LAYER_NAME.match(where)
    if found is not None:
        block, place = found.groups()
        where = f"Block {block}" + (f".{place}" if place else "")
    parts = [f"Network {layer.member}"] if layer.member else []
    return " · ".join([*parts, where, layer.kind, f"{layer.channels} of {size_text(layer)}"])


def size_text(layer: LayerInfo) -> str:
    """``6 × 6``."""
    return f"{layer.width} × {layer.height}"


def _cam_note(look: NetworkLook) -> str:
    layer = _layer(look, look.cam_layer)
    emotion = words.EMOTION_NAMES[look.emotion].lower()
    if not look.cam.any():
        return CAM_EMPTY.format(emotion=emotion, layer=layer.name)
    patch = max(entry.height for entry in look.layers) // layer.height
    return CAM_NOTE.format(emotion=emotion, size=size_text(layer), layer=layer.name, patch=patch)


def _bars(look: NetworkLook) -> str:
    rows = "".join(
        f'<tr style="--emrs-class: var(--emrs-{emotion})"><th scope="row">{words.EMOTION_NAMES[emotion]}</th>'
        f'<td><span class="emrs-class-bar" style="width:{100 * share:.0f}%" aria-hidden="true"></span>'
        f"{words.percent(share)}</td></tr>"
        for emotion, share in zip(EMOTIONS, look.probabilities, strict=True)
    )
    return f'<table class="emrs-classes emrs-says"><tbody>{rows}</tbody></table>'


def _layer(look: NetworkLook, name: str) -> LayerInfo:
    return next(layer for layer in look.layers if layer.name == name)


def _emotion_name(name: str) -> str:
    return words.EMOTION_NAMES[Emotion(name)]
