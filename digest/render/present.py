"""EditionContent → EditionView: every string finished, every address checked."""

from datetime import date, timedelta
from types import MappingProxyType
from zoneinfo import ZoneInfo

from digest.model import EditionContent, Section
from digest.render.blocks import corrections, data_block, day_figures, footer, rest
from digest.render.context import Setting, address
from digest.render.plan import Measures, Placed, place
from digest.render.story import DOT, tell
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


def present(content: EditionContent, setting: Setting, measures: Measures) -> EditionView:
    """Return the view of an edition with as many stories as the measures allow."""
    plan = place(content, measures)
    top = tuple(tell(one, setting, number=number) for number, one in enumerate(plan.top, 1))
    sections = tuple(
        _section(section, stories, setting, measures, f"s{index}")
        for index, (section, stories) in enumerate(plan.sections)
    )
    brief = tuple(tell(one, setting, sentences=0) for one in plan.brief)
    dates = _dates(content, setting)
    reading = _reading(top, sections, brief, setting)
    return EditionView(
        frame=frame(
            setting,
            preheader=_preheader(top, sections, brief, (*dates, reading), setting),
            styles=tuple(
                _style(section, setting, f"s{index}") for index, (section, _) in enumerate(plan.sections)
            ),
        ),
        subject=_subject(top, setting),
        dates=dates,
        issue=setting.phrase("issue", n=setting.number(content.number)),
        reading=reading,
        greeting=setting.typesetter.phrase(setting.look.theme.greeting),
        tagline=_tagline(setting),
        web_url=address(setting.look.edition_url),
        top=top,
        contents=_contents(sections) if len(sections) > 1 else (),
        sections=sections,
        brief=brief,
        figures=day_figures(plan, setting, measures),
        blocks=tuple(data_block(one, setting) for one in content.blocks[:MOST_BLOCKS] if one.rows),
        corrections=corrections(content.corrections[:MOST_CORRECTIONS], setting),
        rest=rest(plan.left_out, setting),
        footer=footer(setting),
    )


def frame(setting: Setting, *, preheader: Phrase = EMPTY, styles: tuple[StyleView, ...] = ()) -> FrameView:
    """Return what every mail has."""
    look, theme, lettering = setting.look, setting.look.theme, setting.catalogue.lettering
    side = direction(look.language)
    list_name = setting.name(look.list_name)
    logo = address(theme.logo_url)
    return FrameView(
        language=look.language,
        dir=side,
        start="right" if side == "rtl" else "left",
        end="left" if side == "rtl" else "right",
        words=MappingProxyType(
            {name: setting.phrase(name, list=setting.quoted(list_name)) for name in setting.catalogue.words}
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


def _tagline(setting: Setting) -> Phrase:
    """The list's description, where it is short enough to stand under its name."""
    told = setting.typesetter.plain(setting.look.description)
    return setting.typesetter.isolated(told) if len(told) <= LONGEST_TAGLINE else EMPTY


def _subject(top: tuple[StoryView, ...], setting: Setting) -> str:
    """The list's name and the lead's headline, or «عاجل» and the headline; a right-to-left subject begins with such a letter."""
    kind = {"breaking": "breaking", "weekly": "weekly"}.get(setting.look.layout)
    name = setting.word(kind) if kind else setting.name(setting.look.list_name).text
    colon = setting.word("colon")
    text = f"{name}{colon}{top[0].headline.text}" if top else name
    side = direction(setting.look.language)
    if side == "rtl" and first_strong(text) not in {"R", "AL"}:
        text = f"{setting.word('news')}{colon}{text}"
    return clipped(text, LONGEST_SUBJECT)


def _section(
    section: Section, stories: tuple[Placed, ...], setting: Setting, measures: Measures, style: str
) -> SectionView:
    return SectionView(
        key=section.key,
        title=setting.name(section.title),
        overview=setting.typesetter.phrase(section.overview) if len(stories) > 1 else EMPTY,
        stories=tuple(tell(one, setting, sentences=measures.sentences) for one in stories),
        style=style,
    )


def _style(section: Section, setting: Setting, name: str) -> StyleView:
    theme = setting.look.theme
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


def _dates(content: EditionContent, setting: Setting) -> tuple[Phrase, ...]:
    """The edition's date by the calendars that its readers count by; of a weekly one, its first and last day."""
    look = setting.look
    day = content.local_date
    written = [_written(day, setting)]
    if look.layout == "weekly":
        first = min(content.window_start.astimezone(ZoneInfo(look.timezone)).date(), day - timedelta(days=1))
        written = [setting.word("dates", first=_written(first, setting), last=written[0])]
    if look.language == "fa":
        written.append(calendar.long_date(day, look.language, look.months, setting.typesetter.digits))
    else:
        hijri = calendar.hijri_date(day, look.hijri_offset, setting.typesetter.digits, look.language)
        written.append(hijri)
    return tuple(setting.typesetter.isolated(_unbroken_end(text)) for text in written if text)


def _unbroken_end(date: str) -> str:
    """A date whose last word, which may be one letter for the era, never stands on a line alone."""
    return "\u00a0".join(date.rsplit(" ", 1))


def _written(day: date, setting: Setting) -> str:
    if setting.look.language == "fa":
        return calendar.solar_date(day, setting.typesetter.digits)
    return calendar.long_date(day, setting.look.language, setting.look.months, setting.typesetter.digits)


def _reading(
    top: tuple[StoryView, ...],
    sections: tuple[SectionView, ...],
    brief: tuple[StoryView, ...],
    setting: Setting,
) -> Phrase:
    stories = (*top, *(story for section in sections for story in section.stories), *brief)
    text = " ".join(
        " ".join((story.headline.text, *(sentence.text for sentence in story.summary))) for story in stories
    )
    return setting.typesetter.isolated(
        setting.counted(calendar.reading_minutes(len(text.split())), "reading")
    )


def _preheader(
    top: tuple[StoryView, ...],
    sections: tuple[SectionView, ...],
    brief: tuple[StoryView, ...],
    instead: tuple[Phrase, ...],
    setting: Setting,
) -> Phrase:
    """What stands beside the subject in a list of mail: the next headlines; without any, the summary and the date."""
    more = [*top[1:3], *(section.stories[0] for section in sections), *brief][:2]
    headlines = DOT.join(clipped(story.headline.text, 60) for story in more)
    text = setting.word("also") + setting.word("colon") + headlines if more else ""
    if len(text) < SHORTEST_PREHEADER:
        lead = " ".join(sentence.text for story in top[:1] for sentence in story.summary)
        text = DOT.join(part for part in (text, lead) if part)
    if len(text) < SHORTEST_PREHEADER:
        text = DOT.join(part for part in (text, *(phrase.text for phrase in instead)) if part)
    return setting.typesetter.isolated(clipped(text, LONGEST_PREHEADER))


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
