"""Channels besides mail: set up, posted to, corrected."""
