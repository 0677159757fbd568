"""Sources and the articles that were read from them."""
