"""Your data: what is kept, and how to take it out or erase it."""

from emrs_core.ui import privacy_page

privacy_page.draw()
