"""The curves of a run: accuracy and loss over the epochs, as one HTML file that needs nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import plotly.graph_objects as go
from plotly.subplots import make_subplots

from emrs_core.training.history import EpochRow

LINES: tuple[tuple[str, str, int, str, str], ...] = (
    ("accuracy", "training, FER2013", 1, "#9c6b30", "dot"),
    ("val_accuracy", "validation, FER2013", 1, "#9c6b30", "solid"),
    ("val_ferplus_accuracy", "validation, FER+", 1, "#1f6f8b", "solid"),
    ("fer_loss", "training, FER2013", 2, "#9c6b30", "dot"),
    ("val_fer_loss", "validation, FER2013", 2, "#9c6b30", "solid"),
    ("ferplus_loss", "training, FER+", 2, "#1f6f8b", "dot"),
    ("val_ferplus_loss", "validation, FER+", 2, "#1f6f8b", "solid"),
)
"""Column of the history, name, which of the two graphs, colour, dash."""

HEIGHT_PX = 900


def curves_page(name: str, rows: Sequence[EpochRow]) -> str:
    """An HTML page with both graphs; a dashed line stands where the size of the faces changes."""
    figure = make_subplots(rows=2, cols=1, shared_xaxes=True, subplot_titles=("Accuracy", "Loss (cross-entropy)"))
    epochs = [row.epoch for row in rows]
    for column, label, graph, colour, dash in LINES:
        values = [getattr(row, column) for row in rows]
        shown = graph == 2 or dash == "solid"  # one entry of the legend for both graphs where they agree
        line = go.Scatter(x=epochs, y=values, name=label, line={"color": colour, "dash": dash}, showlegend=shown)
        figure.add_trace(line, row=graph, col=1)
    for before, after in pairwise(rows):
        if before.size_px != after.size_px:
            figure.add_vline(
                x=(before.epoch + after.epoch) / 2, line_dash="dash", annotation_text=f"{after.size_px} px"
            )
    figure.update_xaxes(title_text="epoch", row=2, col=1)
    figure.update_layout(title=name, height=HEIGHT_PX, template="plotly_white")
    return str(figure.to_html(include_plotlyjs=True, full_html=True))
