"""Addresses of mail and of machines, domains, and the short names in links."""
