"""Clean what was read: from lines of a page to an article in its section."""
