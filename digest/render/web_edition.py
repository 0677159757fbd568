"""What the page of one edition shows: finished phrases and addresses; the template only loops over them."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from digest.model import EditionContent, Erratum, Section, Story
from digest.render.presenters.typesetting.typography import Phrase
from digest.render.presenters.web_context import WebContext
from digest.render.templating.theme import readable
from digest.text.sanitise import safe_url
from digest.text.words.sentences import split

ACCENT = "#9a3412"
LIGHT_GROUND = "#fffdf9"
DARK_GROUND = "#171513"
_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceView:
    """One article that tells a story. `number` is what its sentences are marked with; `url` is empty when
    there is none.
    """

    number: str
    name: Phrase
    title: str
    url: str
    at: str
    stamp: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SentenceView:
    """One sentence of a summary and the article that it stands in."""

    text: Phrase
    source: SourceView | None


@dataclass(frozen=True, slots=True, kw_only=True)
class WebOpeningView:
    """A sentence of the opening, and the outlet and article that it rests on; an editor's rests on none."""

    text: Phrase
    source: Phrase
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryCorrectionView:
    """What a story had wrong, and the date on which that was said."""

    text: Phrase
    date: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WebStoryView:
    """A story. `mark` is the name of a word, "breaking" or "update", or empty; `covered_by` counts the
    outlets, and is empty for a single one.

    `picture` is the address of our copy of its picture, empty without one; `alt` tells what it shows.
    """

    key: str
    headline: Phrase
    mark: str
    covered_by: str
    sentences: tuple[SentenceView, ...]
    sources: tuple[SourceView, ...]
    picture: str
    alt: str
    corrections: tuple[StoryCorrectionView, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class WebSectionView:
    """A section. `style` names its colour's class."""

    key: str
    title: Phrase
    overview: Phrase
    style: str
    stories: tuple[WebStoryView, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class WebRowView:
    """A line of figures. `trend` is "up", "down" or empty."""

    label: Phrase
    value: str
    change: str
    trend: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WebBlockView:
    """Figures from elsewhere, and who says so. `as_of` is empty when nobody says when."""

    title: Phrase
    rows: tuple[WebRowView, ...]
    source: Phrase
    url: str
    as_of: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WebCorrectionView:
    """What was wrong, in which edition ("": not said), and where more stands."""

    text: Phrase
    number: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class IssueView:
    """An edition. `headlines` are plain text, for search engines and previews."""

    dates: tuple[str, ...]
    number: str
    headlines: tuple[str, ...]
    opening: tuple[WebOpeningView, ...]
    sections: tuple[WebSectionView, ...]
    blocks: tuple[WebBlockView, ...]
    corrections: tuple[WebCorrectionView, ...]


def present(
    content: EditionContent,
    context: WebContext,
    *,
    pictures: bool = False,
    corrected: Sequence[Erratum] = (),
) -> IssueView:
    """Return the view of an edition, whole: on the web nothing is left out. `pictures`: our copies of them
    can be shown. `corrected` is what single stories had wrong.
    """
    at_stories: dict[str, tuple[StoryCorrectionView, ...]] = {}
    for one in corrected:
        said = StoryCorrectionView(text=context.text(one.text), date=context.local_date(one.created_at))
        at_stories[one.story] = (*at_stories.get(one.story, ()), said)
    return IssueView(
        dates=context.dates(content.local_date),
        number=context.number(content.number),
        headlines=tuple(context.text(story.headline).text for story in content.stories[:3]),
        opening=_opening(content, context),
        sections=tuple(
            _section(section, place, content.local_date, context, pictures=pictures, corrected=at_stories)
            for place, section in enumerate(content.sections)
            if section.stories
        ),
        blocks=tuple(
            WebBlockView(
                title=context.name(block.title),
                rows=tuple(
                    WebRowView(
                        label=context.name(row.label),
                        value=context.name(row.value).text,
                        change=context.name(row.change).text,
                        trend=row.trend,
                    )
                    for row in block.rows
                ),
                source=context.name(block.source),
                url=safe_url(block.url) or "",
                as_of=context.moment(block.as_of, content.local_date) if block.as_of else "",
            )
            for block in content.blocks
            if block.rows
        ),
        corrections=tuple(
            WebCorrectionView(
                text=context.text(one.text),
                number=context.number(one.edition_number) if one.edition_number else "",
                url=safe_url(one.url) or "",
            )
            for one in content.corrections
        ),
    )


def _opening(content: EditionContent, context: WebContext) -> tuple[WebOpeningView, ...]:
    if content.opening.by_editor:
        return tuple(
            WebOpeningView(text=context.text(one.text), source=context.text(""), url="")
            for one in content.opening.sentences
        )
    stories = {story.key: story.articles for story in content.stories}
    cited = [(one, stories.get(one.story, ())) for one in content.opening.sentences]
    if not all(0 <= one.article < len(articles) for one, articles in cited):
        return ()
    return tuple(
        WebOpeningView(
            text=context.text(one.text),
            source=context.name(articles[one.article].source),
            url=safe_url(articles[one.article].url) or "",
        )
        for one, articles in cited
    )


def _overview(section: Section) -> str:
    """The overview, unless every sentence of it stands in the stories below: on the web all of them do."""
    below = " ".join(one.text for story in section.stories for one in story.summary.sentences)
    written = split(section.overview)
    return "" if len(section.stories) < 2 or all(one in below for one in written) else section.overview


def _section(
    section: Section,
    place: int,
    day: date,
    context: WebContext,
    *,
    pictures: bool,
    corrected: Mapping[str, tuple[StoryCorrectionView, ...]],
) -> WebSectionView:
    return WebSectionView(
        key=section.key,
        title=context.name(section.title),
        overview=context.text(_overview(section)),
        style=f"s{place}",
        stories=tuple(
            replace(_story(story, day, context, pictures=pictures), corrections=corrected.get(story.key, ()))
            for story in section.stories
        ),
    )


def _story(story: Story, day: date, context: WebContext, *, pictures: bool) -> WebStoryView:
    sources = tuple(
        SourceView(
            number=context.number(place),
            name=context.name(article.source),
            title=context.text(article.title).text,
            url=safe_url(article.url) or "",
            at=context.moment(article.published_at, day) if article.published_at else "",
            stamp=article.published_at.isoformat() if article.published_at else "",
        )
        for place, article in enumerate(story.articles, 1)
    )
    return WebStoryView(
        key=story.key,
        headline=context.text(story.headline),
        mark="breaking" if story.breaking else "update" if story.update else "",
        covered_by=context.counted(len(story.outlets), "outlets") if len(story.outlets) > 1 else "",
        sentences=tuple(
            SentenceView(
                text=context.text(sentence.text),
                source=sources[sentence.article] if sentence.article < len(sources) else None,
            )
            for sentence in story.summary.sentences
        ),
        sources=sources,
        picture=f"/pictures/{story.thumbnail}" if pictures and story.thumbnail else "",
        alt=context.text(story.image_alt or story.headline).text,
    )


def colours(sections: Sequence[Section]) -> str:
    """Return the CSS of the sections' colours, moved no further than needed to be read on a light and on a
    dark ground.
    """
    light, dark = "", ""
    for place, section in enumerate(sections):
        colour = section.colour if _COLOUR.fullmatch(section.colour) else ACCENT
        light += f".s{place}{{--section:{readable(colour, LIGHT_GROUND)}}}"
        dark += f".s{place}{{--section:{readable(colour, DARK_GROUND)}}}"
    return f"{light}@media (prefers-color-scheme:dark){{{dark}}}" if light else ""
