"""Edits of a composed edition: applied, recorded, undone, kept through a refresh."""
