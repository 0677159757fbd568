"""Segments, a list's own fields, and tags."""
