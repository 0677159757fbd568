"""From messages to replies: SMTP, its meaning, and the mailbox that stands in for a server."""
