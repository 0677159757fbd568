"""Mail that comes back: read, judged and counted."""
