"""The store: the engine, queries by noun, migrations."""
