"""Poll, add and watch news sources."""
