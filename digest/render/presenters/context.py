"""What all parts of a view are set with: the look, its words, its type, and the day it is of."""

from dataclasses import dataclass
from datetime import date, datetime
from urllib.parse import quote, urldefrag
from zoneinfo import ZoneInfo

from digest.render.presenters.typesetting.typography import LONGEST_NAME, Phrase, Typesetter
from digest.render.templating.style import MailStyle
from digest.render.words import Catalogue, catalogue
from digest.text.dates import calendar
from digest.text.numbers import numerals, plurals
from digest.text.sanitise import safe_url


@dataclass(frozen=True, slots=True, kw_only=True)
class RenderContext:
    """The tools with which one mail is set. `now` is aware, what lies after it is not told; `day` is the date
    of the edition.
    """

    mail_style: MailStyle
    catalogue: Catalogue
    typesetter: Typesetter
    now: datetime
    day: date

    def word(self, name: str, **filled: str) -> str:
        """Return one of the language's fixed words with finished text in its places."""
        word = self.catalogue.words[name]
        for place, text in filled.items():
            word = word.replace(f"{{{place}}}", text)
        return word

    def phrase(self, name: str, **filled: str) -> Phrase:
        """Return one of the language's fixed words as a phrase."""
        return self.typesetter.isolated(self.word(name, **filled))

    def name(self, raw: str) -> Phrase:
        """Return a name (an outlet's, a list's) as a phrase."""
        return self.typesetter.phrase(raw, most=LONGEST_NAME)

    def quoted(self, name: Phrase) -> str:
        """Return a name between the language's quotation marks."""
        return f"{self.word('open')}{name.text}{self.word('close')}"

    def number(self, value: int) -> str:
        """Return a count in the edition's digits."""
        return numerals.numeral(value, self.typesetter.digits)

    def counted(self, value: int, phrase: str) -> str:
        """Return a counted phrase («٣ مصادر»)."""
        return plurals.counted(value, phrase, self.catalogue.language, self.typesetter.digits)

    def local(self, when: datetime) -> datetime:
        """Return an instant in the list's zone."""
        return when.astimezone(ZoneInfo(self.mail_style.timezone))

    def moment(self, when: datetime) -> str:
        """Return when it was, as it is right on any later day: «٤:٢٥ م», «أمس ٤:٢٥ م», «الاثنين»."""
        style = self.mail_style
        return calendar.moment(
            self.local(when), self.day, style.language, style.months, self.typesetter.digits
        )

    def outlet(self, raw: str | None) -> str:
        """Return an outlet's safe address, or the edition's own link to it where those are counted."""
        found = address(raw)
        return self.mail_style.counted.get(found, found)

    def on_web(self, anchor: str) -> str:
        """Return the address of a place in the web edition; empty when there is no web edition."""
        page = address(self.mail_style.edition_url)
        place = quote(anchor[:LONGEST_NAME], safe="", errors="replace")
        return address(f"{urldefrag(page).url}#{place}") if page else ""


def build_context(mail_style: MailStyle, now: datetime, day: date | None = None) -> RenderContext:
    """Return what a mail is set with. `day` is the edition's date; None: that of `now` in the list's zone."""
    return RenderContext(
        mail_style=mail_style,
        catalogue=catalogue(mail_style.language),
        typesetter=Typesetter(
            mail_style.language,
            numerals.fitting(mail_style.language, mail_style.digits),
            mail_style.months,
        ),
        now=now,
        day=day or now.astimezone(ZoneInfo(mail_style.timezone)).date(),
    )


def address(raw: str | None) -> str:
    """Return a safe absolute address, or nothing. One that could be taken for a token is not safe."""
    found = safe_url(raw)
    return "" if not found or "__MUJAZ_" in found.upper() else found
