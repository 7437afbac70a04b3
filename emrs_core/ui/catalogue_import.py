"""Bringing a table of songs in from the page: a file, its columns, a look at the first songs, then all of them."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import streamlit as st

from emrs_core.bootstrap import catalogue_store
from emrs_core.errors import CatalogueError, EmrsError
from emrs_core.music.catalogues.fetch import TABLE_NAME, TABLE_URL, Watch, fetch
from emrs_core.music.catalogues.importing import MOST_LISTED, ImportReport, guess, preview
from emrs_core.music.catalogues.mapping import ColumnMapping
from emrs_core.music.catalogues.reading import SourceTable
from emrs_core.music.catalogues.store import CatalogueStore, name_for
from emrs_core.ui import catalogue_columns, hooks, resources, stills
from emrs_core.ui.plain import plain
from emrs_core.ui.state import Imported, Visit

MAX_MB = 20
"""As the server's own bound in ``.streamlit/config.toml``; larger tables come by their path or the command line."""
PREVIEW_SONGS = 8
PREVIEW_ERRORS = 5
SHOWN_ERRORS = 200
PREVIEW_COLUMNS = ("title", "artist", "year", "genre", "valence", "energy", "tempo", "popularity", "explicit")
LICENCE_NOTE = (
    "The table of some 28,000 tracks that TidyTuesday published in January 2020 (8 MB from raw.githubusercontent.com). "
    "Who holds which rights in it is an open question: fine to try out, ask before you build on it."
)


def draw(visit: Visit) -> bool:
    """The section; returns whether a catalogue came in and is chosen now."""
    with st.container(key=hooks.CATALOGUE_IMPORT):
        st.header("Bring in your own")
        _draw_result(visit)
        file, path, public = st.tabs(["A file", "A file on this machine", "The public table"])
        with file:
            table = _uploaded(visit)
            if table is not None and _draw_table(visit, *table):
                return True
        with path:
            table = _by_path(visit)
            if table is not None and _draw_table(visit, *table):
                return True
        with public:
            return _draw_fetch(visit)


def _uploaded(visit: Visit) -> tuple[SourceTable, str] | None:
    """The file that was dropped here, and a word that tells it from any other."""
    file = st.file_uploader(
        "A CSV or Parquet file with a title, an artist, a valence and an energy for each song",
        type=["csv", "tsv", "txt", "parquet"],
        key=_fresh_key(visit, hooks.CATALOGUE_FILE),
        max_upload_size=MAX_MB,
    )
    if file is None:
        return None
    data = file.getvalue()
    return _opened(data, file.name, stills.fingerprint(data))


def _by_path(visit: Visit) -> tuple[SourceTable, str] | None:
    """The file of that path. Only for a browser on this very machine: others have no business with its files."""
    if not browser_is_here():
        st.markdown("Open the dashboard on the machine it runs on to name one of that machine’s files.")
        return None
    text = st.text_input(
        "Path of the file", key=_fresh_key(visit, hooks.CATALOGUE_PATH), placeholder="/home/me/songs.parquet",
        help=f"For tables over {MAX_MB} MB: they are read where they lie.",
    ).strip()  # fmt: skip
    if not text:
        return None
    path = Path(text).expanduser()
    return _opened(path, path.name, stills.fingerprint(text.encode()))


def _fresh_key(visit: Visit, key: str) -> str:
    """Another key after each import, so that what came in is not offered again."""
    return f"{key}-{visit.imported.number}" if visit.imported else key


def browser_is_here() -> bool:
    """Whether the browser's connection comes from this very machine; unlike a Host header, nobody can claim that."""
    return st.context.ip_address is None


def _opened(source: Path | bytes, name: str, fingerprint: str) -> tuple[SourceTable, str] | None:
    try:
        return SourceTable(source, name), fingerprint
    except CatalogueError as exc:
        st.error(str(exc), icon=":material/error:")
        return None


def _draw_table(visit: Visit, table: SourceTable, fingerprint: str) -> bool:
    """Columns, first songs, name, and the button; returns whether it was brought in."""
    try:
        mapping = catalogue_columns.draw(table, guess(table), fingerprint)
        if mapping.missing:
            st.info(f"Say which column holds the {' and the '.join(mapping.missing)}.", icon=":material/arrow_upward:")
            return False
        _draw_preview(table, mapping)
        name = st.text_input("Call it", name_for(table.name), key=f"{hooks.CATALOGUE_NAME}-{fingerprint}", width=320)
        start = st.button(
            "Bring the songs in", key=f"{hooks.CATALOGUE_START}-{fingerprint}", type="primary",
            icon=":material/library_add:",
        )  # fmt: skip
        return start and _bring_in(visit, name.strip(), table, mapping)
    except EmrsError as exc:
        st.error(str(exc), icon=":material/error:")
        return False


def _draw_preview(table: SourceTable, mapping: ColumnMapping) -> None:
    shown = preview(table, mapping)
    columns = [name for name in PREVIEW_COLUMNS if name in mapping.sources]
    st.markdown("**The first songs, as they would come in**")
    st.dataframe(shown.songs.select(columns).slice(0, PREVIEW_SONGS).to_pandas(), hide_index=True, width="stretch")
    if shown.errors:
        lines = "\n".join(f"- {plain(str(error))}" for error in shown.errors[:PREVIEW_ERRORS])
        st.warning(
            f"{len(shown.errors)} of the first {shown.rows} rows cannot be songs and would be left out:\n{lines}",
            icon=":material/rule:",
        )


def _bring_in(visit: Visit, name: str, table: SourceTable, mapping: ColumnMapping) -> bool:
    bar = st.progress(0.0, "Reading the rows …")
    store = _store()
    report = store.add(name, table, mapping, lambda done: _show(bar, done, "Reading the rows …"))
    return _chosen(visit, store, name, report)


def _draw_fetch(visit: Visit) -> bool:
    st.markdown(LICENCE_NOTE)
    if not st.button("Fetch it", key=hooks.CATALOGUE_FETCH, icon=":material/cloud_download:"):
        return False
    bar, store = st.progress(0.0, "Fetching …"), _store()
    watch = Watch(
        on_bytes=lambda there, total: _show(bar, there / total if total else 0.0, f"Fetching: {there / 1e6:.1f} MB"),
        on_rows=lambda done: _show(bar, done, "Reading the rows …"),
    )
    try:
        report = fetch(store, TABLE_URL, TABLE_NAME, watch).report
    except EmrsError as exc:
        bar.empty()
        st.error(str(exc), icon=":material/cloud_off:")
        return False
    return _chosen(visit, store, TABLE_NAME, report)


def _chosen(visit: Visit, store: CatalogueStore, name: str, report: ImportReport) -> bool:
    store.choose(name)
    visit.imported = Imported(name, report, visit.imported.number + 1 if visit.imported else 1)
    return True


def _draw_result(visit: Visit) -> None:
    """What the last import brought, with every row that was left out."""
    if visit.imported is None:
        return
    name, report = visit.imported.name, visit.imported.report
    left_out = [
        f"{count:,} {what}"
        for count, what in (
            (report.refused, "rows with an error"),
            (report.same_id, "whose id came before"),
            (report.same_name, "whose artist and title came before"),
        )
        if count
    ]
    rest = f"Left out: {', '.join(left_out)}." if left_out else "Nothing was left out."
    st.success(
        f"**{name}**: {report.added:,} songs came in and are in use. {rest}", icon=":material/library_add_check:"
    )
    if not report.errors:
        return
    with st.expander(f"The {report.refused:,} rows that were left out", icon=":material/rule:"):
        rows = [(e.row, e.column, e.value, e.reason) for e in report.errors]
        names = ("Row", "Column", "What came", "What was expected")
        st.dataframe([dict(zip(names, row, strict=True)) for row in rows[:SHOWN_ERRORS]], hide_index=True)
        if report.refused > SHOWN_ERRORS:
            listed = "all of them" if report.refused <= MOST_LISTED else f"the first {MOST_LISTED:,}"
            st.caption(f"The first {SHOWN_ERRORS} are shown; the file has {listed}.")
        st.download_button(
            "Take the list (CSV)", _as_csv(report), f"{name}-errors.csv", "text/csv", key=hooks.CATALOGUE_ERRORS,
            on_click="ignore", icon=":material/download:",
        )  # fmt: skip


def _as_csv(report: ImportReport) -> str:
    text = io.StringIO()
    table = csv.writer(text)
    table.writerow(("row", "column", "value", "reason"))
    table.writerows((error.row, error.column, error.value, error.reason) for error in report.errors)
    return text.getvalue()


def _show(bar: st.delta_generator.DeltaGenerator, done: float, text: str) -> None:
    bar.progress(min(1.0, done), text)


def _store() -> CatalogueStore:
    return catalogue_store(resources.load().services.settings)
