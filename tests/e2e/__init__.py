"""A package, so that its package-wide fixtures (the browsers, the servers) end with it and not with the session."""
