"""Our own small front-end parts: one HTML, one CSS and one JavaScript file each, under ``assets/``."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import streamlit as st
from streamlit.components.v2.types import ComponentRenderer

ASSETS = Path(__file__).resolve().parent / "assets"


@cache
def component(name: str, *helpers: str) -> ComponentRenderer:
    """The part ``name``, registered on first use. It shares the page's styles, so its classes start with ``emrs-``.

    ``helpers`` are scripts that it uses; each stands before it in one module, so their names must differ.
    """
    return st.components.v2.component(
        f"emrs.{name}",
        html=f'<div class="emrs-{name}"></div>',
        css=(ASSETS / f"{name}.css").read_text(encoding="utf-8"),
        js="\n".join((ASSETS / f"{script}.js").read_text(encoding="utf-8") for script in (*helpers, name)),
        isolate_styles=False,
    )
