"""Entry points: read input, call one use case, show the result."""
