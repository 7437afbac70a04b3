"""Puts a Plotly figure on the page with our own component, which changes it in place."""

from __future__ import annotations

from emrs_core.types import AffectPoint
from emrs_core.ui.component import component
from emrs_core.ui.figures import Figure
from emrs_core.ui.plane import PICK
from emrs_core.ui.routes import plotly_address

CONFIG = {"displayModeBar": False, "scrollZoom": False, "showTips": False, "doubleClick": "reset"}


def draw_chart(figure: Figure, *, key: str, alt: str) -> AffectPoint | None:
    """Draw or update the chart ``key``; ``alt`` says in words what it shows. Returns the place just clicked, if any."""
    data = {"figure": figure, "config": CONFIG, "alt": alt, "script": plotly_address(), "pick": PICK}
    result = component("chart", "plotly")(key=key, data=data, on_pick_change=_nothing)
    if not result.pick:
        return None
    return AffectPoint(float(result.pick["x"]), float(result.pick["y"]))


def load_ahead(key: str) -> None:
    """Have the browser load Plotly while nothing happens yet. Draws nothing.

    A slow one stands still for seconds meanwhile, which must not be those in which somebody waits for the first mood.
    """
    component("chart-ahead", "plotly")(key=key, data={"script": plotly_address()})


def _nothing() -> None:
    """Streamlit wants a callback to declare a trigger."""
