"""Examine the set-up and say what to mend."""
