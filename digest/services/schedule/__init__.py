"""Decide when an edition is due, by local time."""
