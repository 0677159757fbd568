"""EditionContent → EditionView: every string finished, every address checked."""

from datetime import date, timedelta
from types import MappingProxyType
from zoneinfo import ZoneInfo

from digest.model import EditionContent, Section
from digest.render.blocks import corrections, data_block, day_figures, footer, rest
from digest.render.context import RenderContext, address
from digest.render.plan import Measures, Placed, place
from digest.render.story import DOT, story_view
from digest.render.theme import LEAST_CONTRAST, Palette, readable
from digest.render.typography import EMPTY, Phrase, clipped
from digest.render.view import (
    ContentsView,
    EditionView,
    FrameView,
    PictureView,
    SectionView,
    StoryView,
    StyleView,
    TypeView,
)
from digest.text import calendar
from digest.text.bidi import direction, first_strong

LONGEST_SUBJECT = 70
LONGEST_PREHEADER = 105
SHORTEST_PREHEADER = 40
LONGEST_TAGLINE = 90
DARK_CONTRAST = 7
MOST_BLOCKS = 4
MOST_CORRECTIONS = 5


def present(content: EditionContent, context: RenderContext, measures: Measures) -> EditionView:
    """Return the view of an edition with as many stories as the measures allow."""
    plan = place(content, measures)
    top = tuple(story_view(one, context, number=number) for number, one in enumerate(plan.top, 1))
    sections = tuple(
        _section(section, stories, context, measures, f"s{index}")
        for index, (section, stories) in enumerate(plan.sections)
    )
    brief = tuple(story_view(one, context, sentences=0) for one in plan.brief)
    dates = _dates(content, context)
    reading = _reading(top, sections, brief, context)
    return EditionView(
        frame=frame(
            context,
            preheader=_preheader(top, sections, brief, (*dates, reading), context),
            styles=tuple(
                _style(section, context, f"s{index}") for index, (section, _) in enumerate(plan.sections)
            ),
        ),
        subject=_subject(top, context, is_correction=_corrects_an_alert(content)),
        dates=dates,
        issue=context.phrase("issue", n=context.number(content.number)),
        reading=reading,
        greeting=context.typesetter.phrase(context.mail_style.theme.greeting),
        tagline=_tagline(context),
        web_url=address(context.mail_style.edition_url),
        top=top,
        contents=_contents(sections) if len(sections) > 1 else (),
        sections=sections,
        brief=brief,
        figures=day_figures(plan, context, measures),
        blocks=tuple(data_block(one, context) for one in content.blocks[:MOST_BLOCKS] if one.rows),
        corrections=corrections(content.corrections[:MOST_CORRECTIONS], context),
        rest=rest(plan.left_out, context),
        footer=footer(context),
    )


def frame(
    context: RenderContext, *, preheader: Phrase = EMPTY, styles: tuple[StyleView, ...] = ()
) -> FrameView:
    """Return what every mail has."""
    mail_style, theme, lettering = context.mail_style, context.mail_style.theme, context.catalogue.lettering
    side = direction(mail_style.language)
    list_name = context.name(mail_style.list_name)
    logo = address(theme.logo_url)
    return FrameView(
        language=mail_style.language,
        dir=side,
        start="right" if side == "rtl" else "left",
        end="left" if side == "rtl" else "right",
        words=MappingProxyType(
            {name: context.phrase(name, list=context.quoted(list_name)) for name in context.catalogue.words}
        ),
        light=theme.light,
        dark=theme.dark,
        type=TypeView(
            body=theme.body_font or lettering.body,
            headline=theme.headline_font or lettering.headline,
            office=lettering.office,
            size=lettering.size,
            leading=lettering.leading,
        ),
        list_name=list_name,
        logo=PictureView(url=logo, alt=theme.logo_alt or list_name.text, width=theme.logo_width)
        if logo
        else None,
        styles=styles,
        preheader=preheader,
    )


def _tagline(context: RenderContext) -> Phrase:
    """The list's description, where it is short enough to stand under its name."""
    told = context.typesetter.plain(context.mail_style.description)
    return context.typesetter.isolated(told) if len(told) <= LONGEST_TAGLINE else EMPTY


def _corrects_an_alert(content: EditionContent) -> bool:
    return content.kind == "breaking" and bool(content.corrections)


def _subject(top: tuple[StoryView, ...], context: RenderContext, *, is_correction: bool = False) -> str:
    """The list's name and the lead's headline, or «عاجل» and the headline; a right-to-left subject begins with such a letter.

    The headline of an alert's correction says itself what it is.
    """
    kind = {"breaking": "breaking", "weekly": "weekly"}.get(context.mail_style.layout)
    name = context.word(kind) if kind else context.name(context.mail_style.list_name).text
    colon = context.word("colon")
    text = f"{name}{colon}{top[0].headline.text}" if top else name
    if is_correction and top:
        text = top[0].headline.text
    side = direction(context.mail_style.language)
    if side == "rtl" and first_strong(text) not in {"R", "AL"}:
        text = f"{context.word('news')}{colon}{text}"
    return clipped(text, LONGEST_SUBJECT)


def _section(
    section: Section, stories: tuple[Placed, ...], context: RenderContext, measures: Measures, style: str
) -> SectionView:
    return SectionView(
        key=section.key,
        title=context.name(section.title),
        overview=context.typesetter.phrase(section.overview) if len(stories) > 1 else EMPTY,
        stories=tuple(story_view(one, context, sentences=measures.sentences) for one in stories),
        style=style,
    )


def _style(section: Section, context: RenderContext, name: str) -> StyleView:
    theme = context.mail_style.theme
    colour = section.colour if _is_colour(section.colour) else theme.light.accent
    return StyleView(
        name=name,
        colour=_on_both(colour, theme.light, LEAST_CONTRAST),
        dark_colour=_on_both(colour, theme.dark, DARK_CONTRAST),
    )


def _on_both(colour: str, palette: Palette, least: float) -> str:
    """The colour as it can be read on the card, where a section's title stands, and on the tint of the contents."""
    return readable(readable(colour, palette.card, least=least), palette.tint, least=least)


def _is_colour(text: str) -> bool:
    return len(text) == 7 and text[0] == "#" and all(sign in "0123456789abcdefABCDEF" for sign in text[1:])


def _dates(content: EditionContent, context: RenderContext) -> tuple[Phrase, ...]:
    """The edition's date by the calendars that its readers count by; of a weekly one, its first and last day."""
    mail_style = context.mail_style
    day = content.local_date
    written = [_written(day, context)]
    if mail_style.layout == "weekly":
        first = min(
            content.window_start.astimezone(ZoneInfo(mail_style.timezone)).date(), day - timedelta(days=1)
        )
        written = [context.word("dates", first=_written(first, context), last=written[0])]
    if mail_style.language == "fa":
        written.append(
            calendar.long_date(day, mail_style.language, mail_style.months, context.typesetter.digits)
        )
    else:
        hijri = calendar.hijri_date(
            day, mail_style.hijri_offset, context.typesetter.digits, mail_style.language
        )
        written.append(hijri)
    return tuple(context.typesetter.isolated(_unbroken_end(text)) for text in written if text)


def _unbroken_end(date: str) -> str:
    """A date whose last word, which may be one letter for the era, never stands on a line alone."""
    return "\u00a0".join(date.rsplit(" ", 1))


def _written(day: date, context: RenderContext) -> str:
    if context.mail_style.language == "fa":
        return calendar.solar_date(day, context.typesetter.digits)
    return calendar.long_date(
        day, context.mail_style.language, context.mail_style.months, context.typesetter.digits
    )


def _reading(
    top: tuple[StoryView, ...],
    sections: tuple[SectionView, ...],
    brief: tuple[StoryView, ...],
    context: RenderContext,
) -> Phrase:
    stories = (*top, *(story for section in sections for story in section.stories), *brief)
    text = " ".join(
        " ".join((story.headline.text, *(sentence.text for sentence in story.summary))) for story in stories
    )
    return context.typesetter.isolated(
        context.counted(calendar.reading_minutes(len(text.split())), "reading")
    )


def _preheader(
    top: tuple[StoryView, ...],
    sections: tuple[SectionView, ...],
    brief: tuple[StoryView, ...],
    instead: tuple[Phrase, ...],
    context: RenderContext,
) -> Phrase:
    """What stands beside the subject in a list of mail: the next headlines; without any, the summary and the date."""
    more = [*top[1:3], *(section.stories[0] for section in sections), *brief][:2]
    headlines = DOT.join(clipped(story.headline.text, 60) for story in more)
    text = context.word("also") + context.word("colon") + headlines if more else ""
    if len(text) < SHORTEST_PREHEADER:
        lead = " ".join(sentence.text for story in top[:1] for sentence in story.summary)
        text = DOT.join(part for part in (text, lead) if part)
    if len(text) < SHORTEST_PREHEADER:
        text = DOT.join(part for part in (text, *(phrase.text for phrase in instead)) if part)
    return context.typesetter.isolated(clipped(text, LONGEST_PREHEADER))


def _contents(sections: tuple[SectionView, ...]) -> tuple[ContentsView, ...]:
    return tuple(
        ContentsView(
            title=section.title,
            headline=section.stories[0].headline,
            url=section.stories[0].web_url,
            style=section.style,
        )
        for section in sections
    )
