"""Figures of one kept session. Expressions are not feelings: every figure is of what a face showed."""
