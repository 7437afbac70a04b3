"""The stand-in on a port of the loopback, and what the dashboard has to be told of it."""

from __future__ import annotations

import secrets
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager

from emrs_core.testing.identity.provider import CALLBACK, CLIENT_ID, IdentityProvider
from emrs_core.testing.loopback.server import LoopbackServer


class IdentityServer(LoopbackServer):
    """A running stand-in; its ``url`` is the issuer."""

    def __init__(self, port: int = 0) -> None:
        """Binds the port (0: a free one) and serves. Raises UsageError when the port is taken."""
        self.provider = IdentityProvider(time.time)
        super().__init__("emrs-identity-stub", self.provider.handle, port)
        self.provider.issuer = self.url
        self.serve()

    def secrets_toml(self, origin: str = "http://localhost:{port}") -> str:
        """The section [auth] for a dashboard at ``origin``; Streamlit puts its own port into ``{port}``."""
        return (
            "[auth]\n"
            f'redirect_uri = "{origin}{CALLBACK}"\n'
            f'cookie_secret = "{secrets.token_urlsafe(32)}"\n'
            f'client_id = "{CLIENT_ID}"\n'
            f'client_secret = "{self.provider.client_secret}"\n'
            f'server_metadata_url = "{self.url}/.well-known/openid-configuration"\n'
        )


@contextmanager
def running(port: int = 0) -> Iterator[IdentityServer]:
    """A stand-in for the time of the block."""
    with closing(IdentityServer(port)) as server:
        yield server
