"""From sources to clean articles."""
