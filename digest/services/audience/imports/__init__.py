"""Imports: files of other programs, read row by row, with who left staying away."""
