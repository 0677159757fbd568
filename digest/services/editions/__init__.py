"""Compose, publish, preview and explain editions."""
