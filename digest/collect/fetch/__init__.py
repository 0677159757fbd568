"""Fetch over HTTP, politely and guarded."""
