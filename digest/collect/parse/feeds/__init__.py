"""Read feeds: bytes to items."""
