"""What the desk shows: its first page, its editions."""
