"""What was read and what is told: sources, articles, stories and sections."""
