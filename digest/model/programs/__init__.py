"""Programs that call us: their keys, and what they may do."""
