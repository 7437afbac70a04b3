"""EMRS: from a face to an emotion, from emotions to a calm mood, from the mood to music."""
