"""Made-up sessions to try every page with, from a documented random process; marked as synthetic everywhere."""
