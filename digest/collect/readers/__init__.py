"""Read a source: one reader for each kind."""
