"""What a listener does with their own Spotify account: the parts of the Spotify page, and a few elsewhere."""
