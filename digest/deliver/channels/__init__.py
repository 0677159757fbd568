"""Channels besides mail, one file for each kind."""
