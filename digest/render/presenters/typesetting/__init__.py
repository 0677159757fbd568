"""Set foreign text in an edition's type and manner."""
