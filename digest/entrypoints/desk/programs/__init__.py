"""Pages about programs: keys of the JSON interface, webhooks."""
