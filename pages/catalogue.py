"""The songs to choose from: which are used, what they cover, and bringing in one's own."""

from emrs_core.ui import catalogue_page

catalogue_page.draw()
