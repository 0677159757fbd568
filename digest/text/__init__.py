"""Pure tools for text: one spelling, words, sentences, language."""
