"""A newsroom that is invented: its people, a month of its editions, its sources and its staff."""
