"""The table of routes, a part for each area."""
