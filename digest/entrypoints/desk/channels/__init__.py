"""Pages about channels: where a list's editions are posted besides mail."""
