"""Live: from the camera to the mood to songs."""

from emrs_core.ui import live_page

live_page.draw()
