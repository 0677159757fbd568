"""Make an edition's content from the articles of its window."""
