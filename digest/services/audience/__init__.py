"""Manage lists, subscribers, consent and preferences."""
