"""Accounts of the desk: who they are, what they may do."""
