"""What the Live page offers for the session that is being kept."""
