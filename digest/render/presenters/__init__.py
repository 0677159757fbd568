"""Turn an edition's values into what the templates show."""
