"""Programs and their keys in the store."""
