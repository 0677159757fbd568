"""Thin doors: each reads its input, calls one use case, shows the result and maps errors."""
