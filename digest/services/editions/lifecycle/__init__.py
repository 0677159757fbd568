"""Approve, resume, restore and try editions."""
