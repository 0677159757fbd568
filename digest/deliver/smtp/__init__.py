"""Send over SMTP: connections, pipelining, replies."""
