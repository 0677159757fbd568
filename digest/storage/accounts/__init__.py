"""Accounts, sessions, one-time links and failed logins in the store."""
