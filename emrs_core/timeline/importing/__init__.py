"""Exported sessions back into a store: a file is checked as a whole before anything of it is kept."""

from emrs_core.timeline.importing.keeping import keep_imported
from emrs_core.timeline.importing.session_file import parse_session, read_session, read_session_file

__all__ = ["keep_imported", "parse_session", "read_session", "read_session_file"]
