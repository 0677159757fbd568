"""Check what a language model wrote against its sources."""
