"""The notebook of docs/ runs from top to bottom on an exported session."""

from __future__ import annotations

import warnings
from datetime import UTC, datetime
from pathlib import Path

import nbformat
import pytest

from emrs_core.music.catalogue import CsvCatalogue
from emrs_core.timeline.demo.sessions import demo_sessions
from emrs_core.timeline.export.files import ExportFormat, export_session

NOW = datetime(2026, 6, 1, 9, tzinfo=UTC)


def test_the_notebook_redraws_an_exported_session(
    repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the notebook machinery's own deprecations
        from nbclient import NotebookClient
    session = next(demo_sessions(CsvCatalogue.builtin().tracks(), NOW))
    export_session(session, ExportFormat.CSV, tmp_path)
    monkeypatch.setenv("EMRS_EXPORT", str(tmp_path))
    monkeypatch.setenv("EMRS_SESSION", session.info.id)
    monkeypatch.setenv("PYTHONPATH", str(repository))
    monkeypatch.setenv("JUPYTER_RUNTIME_DIR", str(tmp_path / "runtime"))
    monkeypatch.setenv("JUPYTER_DATA_DIR", str(tmp_path / "jupyter"))
    notebook = nbformat.read(repository / "docs/notebooks/session.ipynb", as_version=4)
    client = NotebookClient(notebook, timeout=120, resources={"metadata": {"path": str(tmp_path)}})
    client.execute()
    drawn = [
        output for cell in notebook.cells for output in cell.get("outputs", ()) if "data" in output
    ]  # fmt: skip
    figures = [o for o in drawn if "application/vnd.plotly.v1+json" in o["data"]]
    assert len(figures) == 3
    per_song = next(c for c in notebook.cells if c.source.endswith("per_song"))
    assert "valence_during" in per_song.outputs[0]["data"]["text/plain"]
