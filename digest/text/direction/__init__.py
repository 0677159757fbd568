"""Right-to-left text that holds left-to-right runs, and what must not be seen."""
