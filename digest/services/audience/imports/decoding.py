"""Bytes of a file → lines of text, whatever program wrote them; a line at a time."""

import codecs
import io
from collections.abc import Iterator
from typing import BinaryIO

from digest.text.charset import best_arabic, is_in_words, marked_encoding, unmarked_utf16

LOOKED_AT = 65_536
CHUNK = 1 << 18
LONGEST_LINE = 4_000_000
"""Letters; a longer one is cut into pieces, and none of them is a row that could be read."""


def encoding_of(file: BinaryIO) -> str:
    """Return the encoding of a file that can be read twice: by its mark, by its zero bytes, UTF-8 when all of
    it is, else the Arabic set that fits.
    """
    file.seek(0)
    head = file.read(LOOKED_AT)
    if marked := marked_encoding(head):
        return marked
    if wide := unmarked_utf16(head, 1 / 8):
        return wide
    if _is_utf8(file):
        return "utf-8"
    return best_arabic(head)[0] if is_in_words(head) else "cp1256"


def _is_utf8(file: BinaryIO) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")()
    file.seek(0)
    try:
        while chunk := file.read(CHUNK):
            decoder.decode(chunk)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError as error:
        # A file that was cut within its last letter is what it was before.
        return (
            error.reason == "unexpected end of data"
            and not file.read(1)
            and error.start + 4 > len(error.object)
        )
    return True


def lines(file: BinaryIO, encoding: str) -> Iterator[str]:
    """Yield the lines without their ends, which may be LF, CRLF or CR; bytes that are no letters become
    U+FFFD.
    """
    file.seek(0)
    decoder = io.IncrementalNewlineDecoder(codecs.getincrementaldecoder(encoding)("replace"), translate=True)
    begun = ""
    while True:
        octets = file.read(CHUNK)
        text = begun + decoder.decode(octets, final=not octets)
        # Once for some thousand lines: asked of each line, this would take longer than all else.
        whole = (text.replace("\x00", "") if "\x00" in text else text).split("\n")
        begun = whole.pop()
        yield from whole
        while len(begun) > LONGEST_LINE:
            yield begun[:LONGEST_LINE]
            begun = begun[LONGEST_LINE:]
        if not octets:
            break
    if begun:
        yield begun
