"""Receive mail without a server: the embedded mailbox."""
