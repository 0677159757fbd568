"""Editions and alerts: their states, moves and lateness."""
