"""Commands about lists and the people on them."""
