"""A kept session's figures on the page: worked out beside the script, drawn as charts and as tables."""
