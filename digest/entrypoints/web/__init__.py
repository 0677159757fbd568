"""The public pages and the mailbox, one file a page."""
