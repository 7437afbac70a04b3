"""A stand-in for Spotify on loopback: accounts service and Web API as a new app meets them in 2026.

For tests (``server.running``) and for trying the dashboard by hand (``python -m emrs_core spotify-stub``). It was
written from Spotify's public documentation and schema and has never been compared with the live service.
"""
