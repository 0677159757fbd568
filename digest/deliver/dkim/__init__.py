"""Signatures by DomainKeys Identified Mail (RFC 6376, RFC 8463)."""
