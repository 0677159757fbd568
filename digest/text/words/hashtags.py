"""Hashtags as running text: «#البنك_المركزي» is «البنك المركزي». Pure."""

import re

_TAG = r"#(?=[^\W\d_])\w{2,80}"
# The sign after a letter of an address or a number is no tag; joined «و», «ب», «ل» and the like are words of
# their own.
_IN_TEXT = re.compile(rf"(?<![\w/&=#])([وفبلك]{{0,2}})({_TAG})")
_LAST_STOP = re.compile(r"[.!?؟…»\"”][\s\u200f]*\Z")
_TAIL = re.compile(rf"(?:[\s،,|/\-–—]*(?<!\w){_TAG}){{1,40}}\s*\Z")
# So many tags in a row are an index; only the first may belong to the sentence.
_A_ROW = 3


def without_hashtags(text: str) -> str:
    """Return the text with its hashtags as words; those behind the last sentence go.

    Of three and more at the end of a sentence without a stop the first is its last word, and the others go. A
    text of hashtags alone comes back empty. Text without the sign comes back as it is.
    """
    if "#" not in text:
        return text
    if tail := _TAIL.search(text):
        before = text[: tail.start()]
        if not before.strip() or _LAST_STOP.search(before):
            text = before.rstrip()
        elif tail[0].count("#") >= _A_ROW:
            second = tail[0].index("#", tail[0].index("#") + 1)
            text = (before + tail[0][:second]).rstrip(" ،,|/-–—")
    return _IN_TEXT.sub(lambda tag: tag[1] + _words(tag[2]), text)


def _words(tag: str) -> str:
    return " ".join(tag[1:].replace("_", " ").split())
