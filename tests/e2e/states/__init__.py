"""What the screenshots show: every page in every state, reached as a person would."""
