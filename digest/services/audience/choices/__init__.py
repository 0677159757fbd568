"""What a subscriber chooses behind a mail's own seal: content, time, pauses, address, own data."""
