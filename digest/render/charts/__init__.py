"""Charts as SVG, drawn on the server; pure. In languages that run from right to left time does, too."""
