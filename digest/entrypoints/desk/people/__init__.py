"""Pages of people: found, looked at, added, changed, imported, exported, suppressed."""
