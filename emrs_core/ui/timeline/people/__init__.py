"""Studies and participants on the Timelines page."""
