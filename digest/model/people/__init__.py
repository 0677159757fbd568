"""Lists, subscribers, their consent, and who may receive what."""
