"""Turn a rendered mail into MIME bytes."""
