"""People and lists: subscribers, sign-ups, imports, bounces and erasure."""
