"""Spotify: connect, search, play on a device, keep lists as playlists."""

from emrs_core.ui import spotify_page

spotify_page.draw()
