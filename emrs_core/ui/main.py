"""The entry script, run on every redraw of every page: page config, navigation, and the frame that all pages share."""

from emrs_core.ui import frame

frame.run()
