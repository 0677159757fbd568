"""Pages of lists: their settings with help and preview, sections, looks, form, and new ones."""
