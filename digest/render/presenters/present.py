"""EditionContent → EditionView: every string finished, every address checked."""

from dataclasses import replace
from datetime import date, timedelta
from types import MappingProxyType

from markupsafe import Markup

from digest.model import EditionContent, EditionKind
from digest.render.message.rendered import Token
from digest.render.presenters.blocks import corrections, data_blocks, day_figures, footer, opening, rest
from digest.render.presenters.context import RenderContext, address
from digest.render.presenters.plan import Measures, Placed, Plan, place
from digest.render.presenters.shared import SharedViews, style_of
from digest.render.presenters.story import share_links
from digest.render.presenters.typesetting.greeting import has_places
from digest.render.presenters.typesetting.subject import LONGEST_SUBJECT, preheader, subject
from digest.render.presenters.typesetting.typography import EMPTY, Phrase, clipped
from digest.render.presenters.view import (
    ContentsView,
    EditionView,
    FigureView,
    FrameView,
    OpeningView,
    PictureView,
    SectionView,
    StoryView,
    StyleView,
    TypeView,
)
from digest.text.dates import calendar
from digest.text.direction.bidi import direction, first_strong
from digest.text.words.short_cache import cached_when_short

LONGEST_WRITTEN = 150
"""A subject that somebody wrote may be longer than one that is made, whatever a list of mail shows of it."""
LONGEST_TAGLINE = 90
MOST_CORRECTIONS = 5


def present(
    content: EditionContent,
    context: RenderContext,
    measures: Measures,
    *,
    shared: SharedViews | None = None,
) -> EditionView:
    """Return the view of an edition with as many stories as the measures allow.

    With `shared` views it has the colours of all the edition's sections, by names that no choice changes.
    """
    plan = place(content, measures)
    bare = context.mail_style.headlines_only
    views = SharedViews(_styles(plan, context), {}, []) if shared is None else shared
    top = tuple(
        views.story(one, context, 0 if bare else None, number) for number, one in enumerate(plan.top, 1)
    )
    sections = tuple(section_view(stories, context, measures, shared=views) for _, stories in plan.sections)
    brief = tuple(views.story(one, context, 0) for one in plan.brief)
    take, style = views.take, context.mail_style
    dates = take(("dates", style.hijri), lambda: _dates(content, context))
    figures = () if bare else day_figures(plan, context, measures, views)
    opened = () if bare else opening(content, context)
    reading = _reading(_running_text(opened, top, sections, brief, figures), context)
    headlines = _headlines(plan, top, sections, brief)
    line, used = _subject(headlines, context, is_correction=_corrects_an_alert(content))
    if content.subject:
        line, used = context.typesetter.plain(content.subject, most=LONGEST_WRITTEN), ""
    if not views.frames:
        views.frames.append(frame(context, styles=tuple(views.styles.values())))
    instead = (*(top[0].summary if top else ()), *dates, reading)
    return EditionView(
        frame=replace(views.frames[0], preheader=_preheader(headlines, used, instead, context)),
        subject=line,
        dates=dates,
        issue=take("issue", lambda: context.phrase("issue", n=context.number(content.number))),
        reading=reading,
        greeting=take("greeting", lambda: _greeting(context)),
        tagline=take("tagline", lambda: _tagline(context)),
        web_url=address(style.edition_url),
        opening=opened,
        opening_mark=take("machine_summary", lambda: context.phrase("machine_summary"))
        if style.machine_label and not content.opening.by_editor
        else EMPTY,
        top=top,
        contents=tuple(map(contents_line, sections)) if len(sections) > 1 else (),
        sections=sections,
        brief=brief,
        figures=figures,
        blocks=take("blocks", lambda: data_blocks(content.blocks, context)),
        corrections=take("corrections", lambda: corrections(content.corrections[:MOST_CORRECTIONS], context)),
        rest=rest(plan.left_out, context),
        share=take("share", lambda: share_links(address(style.edition_url))),
        footer=take(("footer", style.left_out), lambda: footer(context)),
    )


def _greeting(context: RenderContext) -> Phrase:
    """The list's greeting; one that differs from reader to reader is filled in for each."""
    greeting = context.mail_style.theme.greeting
    if has_places(greeting):
        return Phrase(Token.GREETING.value, Markup(Token.GREETING.value))  # noqa: S704 - our own word
    return context.typesetter.phrase(greeting)


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
    """The list's description, where it is short enough to stand under its name; of a review or an alert, what
    that is.
    """
    tagline = context.typesetter.plain(context.mail_style.description)
    if tagline:
        return context.typesetter.isolated(tagline) if len(tagline) <= LONGEST_TAGLINE else EMPTY
    own = f"{context.mail_style.layout}_tagline"
    return context.phrase(own) if own in context.catalogue.words else EMPTY


def _corrects_an_alert(content: EditionContent) -> bool:
    return content.kind is EditionKind.BREAKING and bool(content.corrections)


def _subject(headlines: list[str], context: RenderContext, *, is_correction: bool) -> tuple[str, str]:
    """Return the subject and the headline that it is of: a review's and an alert's begin with what they are.

    A headline that is whole only without that word goes without it. The headline of an alert's correction
    says itself what it is. A right-to-left subject has such a letter before any other. There is never a
    second colon.
    """
    lead_only = context.mail_style.layout == "breaking"
    headlines = headlines[:1] if lead_only else headlines
    kind = {"breaking": "breaking", "weekly": "weekly"}.get(context.mail_style.layout, "")
    kind = "" if is_correction else kind
    line, place = subject(headlines)
    if kind:
        named, also = subject(
            headlines, most=LONGEST_SUBJECT - len(_labelled(context.word(kind), "", context))
        )
        whole = not named.endswith("…")
        if (whole and also == place) or (lead_only and line.endswith("…")):
            line, place = _labelled(context.word(kind), named, context), also
    if direction(context.mail_style.language) == "rtl" and first_strong(line) not in {"R", "AL"}:
        line = clipped(_labelled(context.word("news"), line, context), LONGEST_SUBJECT)
    used = headlines[place] if headlines else ""
    return line or context.name(context.mail_style.list_name).text, used


def _labelled(label: str, headline: str, context: RenderContext) -> str:
    return f"{label} | {headline}" if ":" in headline else f"{label}{context.word('colon')}{headline}"


def _headlines(
    plan: Plan, top: tuple[StoryView, ...], sections: tuple[SectionView, ...], brief: tuple[StoryView, ...]
) -> list[str]:
    """The headlines that the mail shows: those on top, then by weight; of the lead's section before those of
    others.
    """
    home = plan.top[0].section.key if plan.top else ""
    views = [
        ((section.key != home, -one.story.score), view)
        for (section, stories), shown in zip(plan.sections, sections, strict=True)
        for one, view in zip(stories, shown.stories, strict=True)
    ]
    by_weight = (view for _, view in sorted(views, key=lambda pair: pair[0]))
    return [view.headline.text for view in (*top, *by_weight, *brief) if view.headline]


def _styles(plan: Plan, context: RenderContext) -> dict[str, StyleView]:
    parts = enumerate(section for section, _ in plan.sections)
    return {section.key: style_of(section, context, f"s{index}") for index, section in parts}


def section_view(
    stories: tuple[Placed, ...], context: RenderContext, measures: Measures, *, shared: SharedViews
) -> SectionView:
    """Return the view of some stories of one section, which has its colour's name in `shared`."""
    section, bare = stories[0].section, context.mail_style.headlines_only
    sentences = 0 if bare else measures.sentences
    return SectionView(
        key=section.key,
        title=context.name(section.title),
        overview=context.typesetter.phrase(section.overview) if len(stories) > 1 and not bare else EMPTY,
        stories=tuple(shared.story(one, context, sentences) for one in stories),
        style=shared.styles[section.key].name,
    )


def _dates(content: EditionContent, context: RenderContext) -> tuple[Phrase, ...]:
    """The edition's date by the calendars that its readers count by; of a weekly one, its first and last
    day.
    """
    day, style = content.local_date, context.mail_style
    if style.layout == "weekly":
        first = min(context.local(content.window_start).date(), day - timedelta(days=1))
        written = _week(first, day, context)
    else:
        written = _day(day, context)
    return tuple(context.typesetter.isolated(_unbroken_end(text)) for text in written if text)


def _day(day: date, context: RenderContext) -> tuple[str, str]:
    style, digits = context.mail_style, context.typesetter.digits
    common = calendar.long_date(day, style.language, style.months, digits)
    if style.language == "fa":
        return calendar.solar_date(day, digits), common
    hijri = calendar.hijri_date(day, style.hijri_offset, digits, style.language) if style.hijri else ""
    return common, hijri


def _week(first: date, last: date, context: RenderContext) -> tuple[str, str]:
    style, digits = context.mail_style, context.typesetter.digits
    span = calendar.span(first, last, style.language, style.months, digits)
    if style.language == "fa":
        return span, calendar.long_date(last, style.language, style.months, digits)
    if not style.hijri:
        return span, ""
    return span, calendar.hijri_span(first, last, style.hijri_offset, digits, style.language)


def _unbroken_end(date: str) -> str:
    """A date whose last word, which may be one letter for the era, never stands on a line alone."""
    return "\u00a0".join(date.rsplit(" ", 1))


def _running_text(
    opened: tuple[OpeningView, ...],
    top: tuple[StoryView, ...],
    sections: tuple[SectionView, ...],
    brief: tuple[StoryView, ...],
    figures: tuple[FigureView, ...],
) -> list[Phrase]:
    """Opening, headlines, summaries, reasons, overviews, figures."""
    stories = (*top, *(story for section in sections for story in section.stories), *brief)
    read = [text for story in stories for text in (story.headline, *story.summary, *story.why)]
    read += [one.text for one in opened] + [section.overview for section in sections]
    return read + [figure.sentence for figure in figures]


def _reading(read: list[Phrase], context: RenderContext) -> Phrase:
    """How long all running text takes."""
    words = sum(_words_in(text.text) for text in read)
    minutes = calendar.reading_minutes(words, context.mail_style.language)
    return context.typesetter.isolated(context.counted(minutes, "reading"))


@cached_when_short(2048, longest=1000)
def _words_in(text: str) -> int:
    """Words of a text; the choices of an edition count the same texts a thousand times."""
    return len(text.split())


def _preheader(
    headlines: list[str], used: str, instead: tuple[Phrase, ...], context: RenderContext
) -> Phrase:
    others = [headline for headline in headlines if headline != used]
    return context.typesetter.isolated(preheader(others, [phrase.text for phrase in instead]))


def contents_line(section: SectionView) -> ContentsView:
    """Return a section's line in the contents: its title and its first headline."""
    return ContentsView(
        title=section.title,
        headline=section.stories[0].headline,
        url=section.stories[0].web_url,
        style=section.style,
    )
