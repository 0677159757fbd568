"""Accounts of the desk: logging in, invitations, passwords, second factors."""
