"""Editions: their content, their states, alerts and corrections."""
