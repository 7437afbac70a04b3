"""A stand-in for an identity provider (OpenID Connect), on loopback: to try signing in, and to test it."""
