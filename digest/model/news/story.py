"""What only flows: the values that an edition is made of. They go to JSON and back unchanged."""

from datetime import date, datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict

from digest.model.editions.edition import EditionKind


class Value(BaseModel):
    """A frozen value without surprises: unknown keys are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class SummarySentence(Value):
    """A sentence and where it stands: index into the story's articles, index into that article's
    paragraphs.
    """

    text: str
    article: int = 0
    paragraph: int = 0


class Summary(Value):
    """A few true sentences. `method` is "extractive", "llm" or "headline"; `note` says why a fallback was
    taken, `headline_note` why the headline is an article's own though the sentences were written.
    """

    sentences: tuple[SummarySentence, ...] = ()
    method: str = "extractive"
    note: str = ""
    headline_note: str = ""

    @property
    def text(self) -> str:
        """The sentences as one paragraph."""
        return " ".join(sentence.text for sentence in self.sentences)


class OpeningSentence(Value):
    """A sentence of an edition's opening, the key of the story that it tells, and the index of the article
    behind it among that story's.
    """

    text: str
    story: str
    article: int = 0


class EditionOpening(Value):
    """What happened and why it matters, in one written paragraph. Without sentences it is not shown; `note`
    says why there are none though a model was asked. One `by_editor` rests on no story.
    """

    sentences: tuple[OpeningSentence, ...] = ()
    note: str = ""
    by_editor: bool = False


class ArticleRef(Value):
    """What an edition keeps of an article: enough to credit and to link it."""

    article_id: int | None = None
    title: str
    source: str
    url: str | None = None
    published_at: datetime | None = None


class Related(Value):
    """Another story on the same topic, as one line: its headline, where it stands, and who tells it."""

    headline: str
    url: str | None = None
    outlet: str = ""


class OriginalWords(Value):
    """What a story said before somebody edited it; None: that is as it was."""

    headline: str | None = None
    summary: Summary | None = None


class Story(Value):
    """The articles that tell one event; the first bears the headline as its title, or begins with it.

    `breaking_by` says who calls it breaking. `why` is a sentence of the sources with a cause, a consequence
    or a number, which the summary does not tell; None when they have none. `new_toll` counts the dead of an
    update, where no earlier edition counted so many; 0: there is no such count. `related` are other stories
    on its topic, heaviest first, for one line. Of what people did to it: a `pinned` one leads the edition,
    `original` keeps the words that they edited, an `own` one is the newsroom's.
    """

    key: str
    headline: str
    section: str
    score: float = 0.0
    reasons: tuple[str, ...] = ()
    summary: Summary = Summary()
    articles: tuple[ArticleRef, ...]
    image_url: str | None = None
    image_alt: str | None = None
    thumbnail: str | None = None
    breaking: bool = False
    breaking_by: Literal["publisher", "editor"] = "publisher"
    update: bool = False
    new_toll: int = 0
    why: SummarySentence | None = None
    related: tuple[Related, ...] = ()
    pinned: bool = False
    own: bool = False
    original: OriginalWords | None = None

    @property
    def outlets(self) -> tuple[str, ...]:
        """Names of the outlets that tell it, lead first, each once."""
        return tuple(dict.fromkeys(article.source for article in self.articles))


class Section(Value):
    """A section of an edition: its stories in the order of their weight, and a short overview."""

    key: str
    title: str
    colour: str = "#9a3412"
    overview: str = ""
    stories: tuple[Story, ...] = ()


class DataRow(Value):
    """One line of a data block as it is to be shown. `change` is how `value` moved; `trend` is "up", "down"
    or "".
    """

    label: str
    value: str
    change: str = ""
    trend: Literal["up", "down", ""] = ""


class DataBlock(Value):
    """Figures from elsewhere: markets, weather or prayer times, with who says so. Without rows it is not
    shown.
    """

    kind: Literal["markets", "weather", "prayer", "other"] = "other"
    title: str
    rows: tuple[DataRow, ...] = ()
    source: str = ""
    url: str | None = None
    as_of: datetime | None = None


class Correction(Value):
    """What an earlier edition had wrong, and what is right."""

    text: str
    edition_number: int | None = None
    url: str | None = None


class EditionContent(Value):
    """All that an edition says. Mail, web page, Atom feed and preview come from this value alone."""

    list_slug: str
    list_name: str
    language: str = "ar"
    number: int
    kind: EditionKind = EditionKind.DAILY
    local_date: date
    window_start: datetime
    window_end: datetime
    sections: tuple[Section, ...]
    opening: EditionOpening = EditionOpening()
    blocks: tuple[DataBlock, ...] = ()
    corrections: tuple[Correction, ...] = ()
    alert_cause: Literal["", "publisher", "outlets", "editor"] = ""
    """Who held an alert's story to be urgent: its publisher, several outlets at once, or the list's
    editor.
    """
    subject: str = ""
    """The subject that somebody wrote; empty: it is made of the headlines."""

    @property
    def stories(self) -> tuple[Story, ...]:
        """All stories, in the order of the sections."""
        return tuple(story for section in self.sections for story in section.stories)
