"""Story → Story with a summary: a few true sentences, each with its source."""
