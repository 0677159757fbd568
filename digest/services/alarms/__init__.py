"""Raise alarms and deliver them."""
