"""Signing in at an identity provider (OpenID Connect), by Streamlit's own login: who, the way there and back."""
