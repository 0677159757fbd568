"""Alerts: finding what is big as it happens, and writing at once to the readers who chose that."""
