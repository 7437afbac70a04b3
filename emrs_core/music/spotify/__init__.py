"""Spotify behind ``protocols.MusicService``: consent, tokens, the Web API, and what becomes of its failures."""
