"""Turn the lines of a page into a clean article."""
