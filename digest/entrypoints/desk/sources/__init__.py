"""The desk's pages of sources: found, added, looked after, and why a story is in or out."""
