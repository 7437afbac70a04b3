"""Model: what the network is, how good it is, where it fails, and what it sees."""

from emrs_core.ui import model_page

model_page.draw()
