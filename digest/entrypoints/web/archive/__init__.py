"""The archive: its pages, its search, its feeds, and how a story is shared."""
