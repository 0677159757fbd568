"""Digits: one system an edition, with the separators and the percent sign that belong to it.

Systems are named as in CLDR: `arab` (٣), `arabext` (۳, Persian and Urdu), `latn` (3).
"""

import re

SYSTEMS = {"arab": "٠١٢٣٤٥٦٧٨٩", "arabext": "۰۱۲۳۴۵۶۷۸۹", "latn": "0123456789"}

_TABLES = {
    name: {ord(other[value]): shapes[value] for other in SYSTEMS.values() for value in range(10)}
    for name, shapes in SYSTEMS.items()
}
_ANY = "0-9٠-٩۰-۹"
_SEPARATORS = "[.,:/\u066b\u066c]"
# A number that hangs on a Latin word is part of its spelling: F-16, COVID-19, G20, 4K, mp3, 10.0.0.1,
# www.a1.com.
_TIED = r"A-Za-z\u00c0-\u024f_@#\\"
_TOKEN = re.compile(rf"(?:[{_TIED}{_ANY}]|(?<=[{_TIED}{_ANY}])[-.:/+&=?'~](?=[{_TIED}{_ANY}]))+")
_LETTER = re.compile(rf"[{_TIED}]")
_DECIMAL = re.compile(rf"(?<![{_ANY}.,\u066b])([{_ANY}]+)[.\u066b]([{_ANY}]+)(?![{_ANY}]|[.,\u066b][{_ANY}])")
_GROUPED = re.compile(
    rf"(?<![{_ANY}.,\u066c])[{_ANY}]{{1,3}}(?:[,\u066c][{_ANY}]{{3}})+(?:[.\u066b][{_ANY}]+)?(?![{_ANY}]|[.,\u066c][{_ANY}])"
)
_PERCENT = re.compile(rf"([{_ANY}])\s?[%\u066a]")


def fitting(language: str, digits: str) -> str:
    """Return the system that a text in the language can use: the one asked for, unless it is foreign to the
    script.

    English and Hebrew have `latn` only; for Persian and Urdu `arab` means `arabext`.
    """
    if language in {"en", "he"} or digits not in SYSTEMS:
        return "latn"
    if digits == "arab" and language in {"fa", "ur"}:
        return "arabext"
    return digits


def numeral(value: float | str, digits: str) -> str:
    """Return a number as it is printed: digits of one system, with that system's decimal and percent signs.

    An integer is not grouped, so that a year may be passed. A string keeps its own grouping; see `in_digits`.

    Raises:
        KeyError: `digits` names no system.
    """
    return in_digits(str(value), digits)


def in_digits(text: str, digits: str) -> str:
    """Return running text with all its numbers in one system.

    Numbers that are tied to Latin letters (F-16, G20, a web address) keep their shape. In `arab` and
    `arabext` `12.5` becomes ١٢٫٥, `1,250` becomes ١٬٢٥٠ and a percent sign after a number becomes ٪; in
    `latn` the reverse. Doing it twice changes nothing.

    Raises:
        KeyError: `digits` names no system.
    """
    table = _TABLES[digits]
    pieces: list[str] = []
    end = 0
    for token in _TOKEN.finditer(text):
        if _LETTER.search(token[0]) and re.search(r"[A-Za-z\u00c0-\u024f]", token[0]):
            pieces += [_free(text[end : token.start()], digits, table), token[0]]
            end = token.end()
    pieces.append(_free(text[end:], digits, table))
    return "".join(pieces)


def _free(text: str, digits: str, table: dict[int, str]) -> str:
    decimal, group, percent = (".", ",", "%") if digits == "latn" else ("\u066b", "\u066c", "\u066a")
    text = _GROUPED.sub(lambda match: _regrouped(match[0], decimal, group), text)
    text = _DECIMAL.sub(lambda match: f"{match[1]}{decimal}{match[2]}", text)
    return _PERCENT.sub(lambda match: f"{match[1]}{percent}", text).translate(table)


def _regrouped(number: str, decimal: str, group: str) -> str:
    whole, _, part = number.replace("\u066b", ".").partition(".")
    whole = re.sub("[,\u066c]", group, whole)
    return f"{whole}{decimal}{part}" if part else whole
