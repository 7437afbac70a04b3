"""Timelines: the sessions that were kept, found, compared, taken along."""

from emrs_core.ui.timeline import page

page.draw()
