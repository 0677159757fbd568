"""Words, stems, sentences, names and the lists of words they need."""
