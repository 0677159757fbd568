"""Calendars, month names and the dates people write."""
