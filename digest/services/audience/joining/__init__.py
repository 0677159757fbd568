"""How people join lists and leave them."""
