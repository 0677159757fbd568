"""One spelling: for display (`clean`) and, more roughly, for matching (`fold`).

Forms follow Unicode Standard Annex 15 (normalisation; of the marks on one letter only thirty are read, as in
its stream-safe format) and chapter 9.2 of the Unicode Standard (Arabic).
"""

import re
import unicodedata

_ARABIC = "\u0620-\u064a\u066e-\u06d3\u06d5\u06ee\u06ef\u06fa-\u06ff\u0750-\u077f\u08a0-\u08c9"
_MARKS = (
    "\u0300-\u036f\u0483-\u0489\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u064b-\u065f\u0670"
    "\u06d6-\u06dc\u06df-\u06e4\u06e7\u06e8\u06ea-\u06ed\u0898-\u089f\u08ca-\u08e1\u08e3-\u08ff\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f"
)
_UNSEEN = "\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"

_CONTROLS = re.compile("[\u0000-\u0008\u000e-\u001b\u007f-\u0084\u0086-\u009f" + _UNSEEN + "]")
# U+200D joins emoji; between letters of running text it is debris.
_JOINER = re.compile(
    "(?<![\u2600-\u27bf\ufe0f\U0001f000-\U0001faff])\u200d|\u200d(?![\u2600-\u27bf\U0001f000-\U0001faff])"
)
_NON_JOINER = re.compile(f"(?<![{_ARABIC}{_MARKS}])\u200c|\u200c(?![{_ARABIC}])")
_PERSIAN = re.compile("[\u067e\u0686\u0698\u06a9\u06af\u06cc\u06c1\u06d2\u0679]")
# A tatweel that carries a one-letter word before a number or a foreign name («بـ500»), and the sign of the
# Hijri era, are spelling.
_TATWEEL = re.compile(
    f"(?<![{_ARABIC}{_MARKS}])(\u0648?[\u0628\u0644\u0643\u0641\u0647])\u0640+(?![{_ARABIC}{_MARKS}\u0640])|\u0640+"
)
_PRESENTATION = re.compile(
    "[\ufb50-\ufbb1\ufbd3-\ufd3d\ufd50-\ufd8f\ufd92-\ufdc7\ufdf0-\ufdf9\ufdfc\ufe70-\ufefc]"
)
_STRAY = re.compile(f"(?<![^\\W\\d_{_MARKS}])(?<![{_MARKS}])[{_MARKS}]+|(?<=[{_MARKS}]{{4}})[{_MARKS}]+")
_SPACE = re.compile(r"\s+")
# Putting the marks of one letter in order costs the square of their number.
_MANY_MARKS = re.compile(r"[^\w\s]{31,}")
_MOST_MARKS = 30

_DROPPED = re.compile(f"[{_MARKS}{_UNSEEN}\u0640\u200c\u200d\ufe00-\ufe0f]")
_DIGIT_TABLE = {chr(start + digit): str(digit) for start in (0x660, 0x6F0) for digit in range(10)}
_DIGITS = str.maketrans(_DIGIT_TABLE)
# The two letters of `_FOLDED` that every Arabic text has are replaced by themselves: a table costs ten times
# as much.
_SELDOM = re.compile("[\u0671\u06cc\u06d0\u06c1\u06c3\u06d5\u06a9\u05f3\u05f4\u0660-\u0669\u06f0-\u06f9]")
_FOLDED = str.maketrans(
    {
        "\u0671": "ا",
        "\u06cc": "ي",
        "\u06d0": "ي",
        "\u06c1": "ه",
        "\u06c3": "ه",
        "\u06d5": "ه",
        "\u06a9": "ك",
        "\u05f3": "'",
        "\u05f4": '"',
    }
    | _DIGIT_TABLE
)


def clean(text: str) -> str:
    """Return the text as it should be shown: one line, composed, nothing unseen.

    NFC; Arabic presentation forms become letters (U+FDFA and U+FDFB stay); zero-width and bidirectional
    controls, byte-order marks, control characters and tatweel go, as do marks that stand on no letter; runs
    of white space (line ends too) become one space. U+200C stays between letters of a Persian or Urdu text,
    tatweel in «هـ» and after a one-letter word before a number or a Latin name. Diacritics stay. Cleaning
    twice changes nothing.
    """
    text = _PRESENTATION.sub(_letters_of, text)
    text = _CONTROLS.sub("", text)
    text = _JOINER.sub("", text)
    text = _TATWEEL.sub(lambda match: f"{match[1]}\u0640" if match[1] else "", text)
    text = _STRAY.sub("", unicodedata.normalize("NFC", _few_marks(text)))
    text = _NON_JOINER.sub("", text) if _PERSIAN.search(text) else text.replace("\u200c", "")
    return _SPACE.sub(" ", text).strip()


def fold(text: str) -> str:
    """Return the text for matching only: variants of one letter become one.

    Lower case; no diacritics, tatweel or invisible characters; أ إ آ ٱ → ا, ى ی → ي, ة → ه, ؤ → و, ئ → ي, ک →
    ك; digits to ASCII. White space and punctuation stay. Folding twice changes nothing.
    """
    if text.isascii():
        return text.lower()
    # The compatibility decomposition takes hamza and madda off their letters, so that dropping marks folds
    # them.
    text = unicodedata.normalize("NFKD", _few_marks(text)).lower()
    text = _DROPPED.sub("", text).replace("ى", "ي").replace("ة", "ه")
    return text.translate(_FOLDED) if _SELDOM.search(text) else text


def ascii_digits(text: str) -> str:
    """Return the text with Arabic-Indic (٠-٩) and extended (۰-۹) digits as 0-9; nothing else changes."""
    return text.translate(_DIGITS)


def _letters_of(match: re.Match[str]) -> str:
    # Marks in their isolated form decompose to a space and the mark; the space was never there.
    return unicodedata.normalize("NFKC", match[0]).lstrip()


def _few_marks(text: str) -> str:
    return _MANY_MARKS.sub(_first_marks, text) if len(text) > _MOST_MARKS else text


def _first_marks(match: re.Match[str]) -> str:
    kept: list[str] = []
    marks = 0
    for character in match[0]:
        marks = marks + 1 if unicodedata.combining(character) else 0
        if marks <= _MOST_MARKS:
            kept.append(character)
    return "".join(kept)
