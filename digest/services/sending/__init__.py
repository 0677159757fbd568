"""Send an edition batch by batch, at an agreed pace."""
