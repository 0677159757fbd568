"""Limit how fast mail goes out, for all senders together."""
