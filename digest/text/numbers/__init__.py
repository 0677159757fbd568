"""Numerals and the plurals that go with them."""
