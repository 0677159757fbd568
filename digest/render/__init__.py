"""Edition → rendered edition → message: HTML, text, inlined styles, headers, bytes."""
