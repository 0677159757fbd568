"""The languages that a list may speak."""

from typing import Literal, get_args

Language = Literal["ar", "fa", "ur", "he", "en"]
"""By its code (ISO 639-1)."""
LANGUAGES: tuple[str, ...] = get_args(Language)
