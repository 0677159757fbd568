"""The desk's first-run guide."""
