"""What templates see: finished phrases and addresses, in the order they are shown. A template only loops over
them.

Each `Phrase` is markup in an HTML template and plain text in a text template. Addresses are absolute http or
https addresses, or empty when there is none; what is empty is not shown.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from digest.render.presenters.typesetting.typography import EMPTY, Phrase
from digest.render.templating.theme import Palette


@dataclass(frozen=True, slots=True, kw_only=True)
class PictureView:
    """A picture of `width` pixels, never wider than its place; `alt` tells what it shows to those who do not
    see it.
    """

    url: str
    alt: str
    width: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OutletView:
    """One outlet that tells a story: name, when it did, address of its article."""

    name: Phrase
    ago: Phrase
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkView:
    """A named address."""

    name: Phrase
    url: str


@dataclass(frozen=True, kw_only=True)
class ShareView:
    """Addresses that hand a page on; empty when there is no page."""

    whatsapp: str
    telegram: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryView:
    """A story. `credit` is «بحسب الوطن والمرفأ، ٧:٣٠ ص»; `mark` is «عاجل» or «تطورات».

    `number` counts the top stories from 1. `why` holds whole sentences under `why_title`. `summary` has no
    more sentences than the layout shows. `is_major`: three outlets or more tell it. `related` are other sides
    of the matter, one line each.
    """

    key: str
    number: Phrase
    section: Phrase
    headline: Phrase
    summary: tuple[Phrase, ...]
    credit: Phrase
    mark: Phrase
    why_title: Phrase
    why: tuple[Phrase, ...]
    outlets: tuple[OutletView, ...]
    related: tuple[LinkView, ...]
    is_major: bool
    url: str
    web_url: str
    whatsapp: str
    telegram: str
    picture: PictureView | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SectionView:
    """A section with the stories that are told in it. `style` is the class that has its colour: s0, s1, …"""

    key: str
    title: Phrase
    overview: Phrase
    stories: tuple[StoryView, ...]
    style: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ContentsView:
    """One line of the table of contents. `style` is the class that has its section's colour."""

    title: Phrase
    headline: Phrase
    url: str
    style: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FigureView:
    """A figure as it stands in `sentence`, which stands in the edition."""

    figure: Phrase
    sentence: Phrase
    source: Phrase
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RowView:
    """A line of a data block. `trend` is "good", "bad" or "", the name of a colour; `arrow` ▲, ▼ or empty."""

    label: Phrase
    value: Phrase
    change: Phrase
    trend: str
    arrow: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BlockView:
    """A data block. `side_by_side` blocks are short enough to stand in one row."""

    title: Phrase
    rows: tuple[RowView, ...]
    side_by_side: bool
    source: Phrase
    as_of: Phrase
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectionView:
    """A correction, the edition that it is about, and where that is to be read."""

    text: Phrase
    about: Phrase
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OpeningView:
    """A sentence of the opening, and the outlet that it rests on."""

    text: Phrase
    source: Phrase
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RestView:
    """What the mail leaves to the web edition: «٧ أخبار»."""

    count: Phrase
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FooterView:
    """Why a reader gets the mail and how to end it. `unsubscribe`, `preferences` and `email` are tokens.

    `left_out` says how many stories a reader's mutes kept away, `counted` that it is counted how often links
    are opened; empty when none, and when it is not.
    """

    reason: Phrase
    email: str
    unsubscribe: str
    preferences: str
    archive: str
    social: tuple[LinkView, ...]
    sender: Phrase
    postal_address: Phrase
    note: Phrase
    left_out: Phrase = EMPTY
    counted: Phrase = EMPTY


@dataclass(frozen=True, slots=True, kw_only=True)
class TypeView:
    """Fonts, size of running text in pixels, and leading."""

    body: str
    headline: str
    office: str
    size: int
    leading: float


@dataclass(frozen=True, slots=True, kw_only=True)
class StyleView:
    """The colour of a section by its class name, readable on the card of either mode."""

    name: str
    colour: str
    dark_colour: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FrameView:
    """What every mail has: language, `dir` and the sides that it gives, words, colours and type.

    `start` is the side where lines begin, `end` the other: right and left in Arabic.
    """

    language: str
    dir: str
    start: str
    end: str
    words: Mapping[str, Phrase]
    light: Palette
    dark: Palette
    type: TypeView
    list_name: Phrase
    logo: PictureView | None
    styles: tuple[StyleView, ...] = ()
    preheader: Phrase = EMPTY


@dataclass(frozen=True, slots=True, kw_only=True)
class EditionView:
    """An edition. `subject` is plain text; the first of `top` is the lead story; `brief` are stories of one
    line; `tagline` says what the list is; `opening_mark` that a machine wrote the opening.
    """

    frame: FrameView
    subject: str
    dates: tuple[Phrase, ...]
    issue: Phrase
    reading: Phrase
    greeting: Phrase
    tagline: Phrase
    web_url: str
    opening: tuple[OpeningView, ...]
    opening_mark: Phrase
    top: tuple[StoryView, ...]
    contents: tuple[ContentsView, ...]
    sections: tuple[SectionView, ...]
    brief: tuple[StoryView, ...]
    figures: tuple[FigureView, ...]
    blocks: tuple[BlockView, ...]
    corrections: tuple[CorrectionView, ...]
    rest: RestView | None
    share: ShareView
    footer: FooterView


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeView:
    """A single mail to one person, in which nothing that a stranger wrote stands.

    `first` says when the first edition comes, empty when nobody knows; `by_reply`: an answer is heard;
    `headlines` are headlines of the latest edition.
    """

    frame: FrameView
    action_url: str
    sender: Phrase
    postal_address: Phrase
    first: Phrase = EMPTY
    by_reply: bool = False
    headlines: tuple[Phrase, ...] = ()
    preferences_url: str = ""
    leave_url: str = ""
