"""Ask a language model, within a budget, and read its answer."""
