"""Templates, themes, inlined styles and placeholders."""
