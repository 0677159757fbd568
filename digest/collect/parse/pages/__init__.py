"""Read pages: bytes to a head, a body and links."""
