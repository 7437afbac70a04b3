"""Music: the songs in full, and the mood by hand."""

from emrs_core.ui import music_page

music_page.draw()
