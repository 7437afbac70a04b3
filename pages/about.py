"""How it works, and how far it can be trusted."""

from emrs_core.ui import about_page

about_page.draw()
