"""Domains, e-mail addresses and the slugs of links."""
