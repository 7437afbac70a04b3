"""Taste: what was learned of the person, readable, erasable, to take along."""

from emrs_core.ui import taste_page

taste_page.draw()
