"""One kept session on the page, part by part; ``session_view`` puts them together."""
