"""Send messages over SMTP and read what comes back."""
