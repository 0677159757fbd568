"""Imports in the store: people put on a list by a few statements, and all of it taken back."""
