"""What stands around the stories: figures, data blocks, corrections, the rest, the footer."""

from collections.abc import Sequence
from functools import partial

from digest.model import Correction, DataBlock, DataRow, EditionContent
from digest.render.message.rendered import Token
from digest.render.presenters.context import RenderContext, address
from digest.render.presenters.figures import figures, has_figures
from digest.render.presenters.plan import Measures, Plan
from digest.render.presenters.shared import SharedViews
from digest.render.presenters.typesetting.typography import EMPTY, LONGEST_HEADLINE, LONGEST_SENTENCE
from digest.render.presenters.view import (
    BlockView,
    CorrectionView,
    FigureView,
    FooterView,
    LinkView,
    OpeningView,
    RestView,
    RowView,
)

MOST_BLOCKS = 4
MOST_ROWS = 8
_ARROWS = {"up": "▲", "down": "▼", "": ""}
_TRENDS = {"up": "good", "down": "bad", "": ""}


def opening(content: EditionContent, context: RenderContext) -> tuple[OpeningView, ...]:
    """Return the opening's sentences, each with the outlet that it rests on; none when a story of it is
    gone. What an editor wrote rests on no outlet.
    """
    if content.opening.by_editor:
        return tuple(
            OpeningView(text=context.typesetter.phrase(one.text, most=LONGEST_SENTENCE), source=EMPTY, url="")
            for one in content.opening.sentences
        )
    if not content.opening.sentences:
        return ()
    stories = {story.key: story.articles for story in content.stories}
    shown = []
    for one in content.opening.sentences:
        articles = stories.get(one.story, ())
        if not 0 <= one.article < len(articles):
            return ()
        article = articles[one.article]
        shown.append(
            OpeningView(
                text=context.typesetter.phrase(one.text, most=LONGEST_SENTENCE),
                source=context.name(article.source),
                url=context.outlet(article.url),
            )
        )
    return tuple(shown)


def day_figures(
    plan: Plan, context: RenderContext, measures: Measures, views: SharedViews
) -> tuple[FigureView, ...]:
    """Return the figures of the day, from the stories that are shown; which of them have any is kept in the
    shared views.
    """
    units, magnitudes = context.catalogue.units, context.catalogue.magnitudes
    stated = [
        placed.story
        for placed in (*plan.top, *(one for _, stories in plan.sections for one in stories), *plan.brief)
        if views.take(("figures", id(placed.story)), partial(has_figures, placed.story, units, magnitudes))
    ]
    return tuple(
        FigureView(
            figure=context.typesetter.phrase(one.figure, most=40),
            sentence=context.typesetter.phrase(one.sentence),
            source=context.name(one.article.source),
            url=context.outlet(one.article.url),
        )
        for one in figures(stated, units, magnitudes, most=measures.figures)
    )


def data_blocks(blocks: Sequence[DataBlock], context: RenderContext) -> tuple[BlockView, ...]:
    """Return the first data blocks, each with no more rows than a mail has room for; not empty ones."""
    return tuple(_data_block(one, context) for one in blocks[:MOST_BLOCKS] if one.rows)


def _data_block(block: DataBlock, context: RenderContext) -> BlockView:
    as_of = ""
    if block.as_of:
        as_of = context.word("as_of", time=context.moment(block.as_of))
    rows = tuple(_row(row, context) for row in block.rows[:MOST_ROWS])
    return BlockView(
        title=context.typesetter.phrase(block.title, most=60),
        rows=rows,
        side_by_side=block.kind == "prayer" and len(rows) <= 6,
        source=context.name(block.source),
        as_of=context.typesetter.isolated(as_of),
        url=address(block.url),
    )


def _row(row: DataRow, context: RenderContext) -> RowView:
    return RowView(
        label=context.typesetter.phrase(row.label, most=60),
        value=context.typesetter.phrase(row.value, most=60),
        change=context.typesetter.phrase(row.change, most=30),
        trend=_TRENDS[row.trend],
        arrow=_ARROWS[row.trend],
    )


def corrections(given: tuple[Correction, ...], context: RenderContext) -> tuple[CorrectionView, ...]:
    """Return what earlier editions had wrong."""
    return tuple(
        CorrectionView(
            text=context.typesetter.phrase(correction.text),
            about=context.phrase("edition_was", n=context.number(correction.edition_number))
            if correction.edition_number is not None
            else EMPTY,
            url=address(correction.url),
        )
        for correction in given
    )


def rest(left_out: int, context: RenderContext) -> RestView | None:
    """Return what is left to the web edition; None when there is nothing left or no web edition."""
    url = address(context.mail_style.edition_url)
    if not left_out or not url:
        return None
    return RestView(count=context.typesetter.isolated(context.counted(left_out, "stories")), url=url)


def footer(context: RenderContext) -> FooterView:
    """Return why a reader gets the mail, and the ways out."""
    mail_style = context.mail_style
    return FooterView(
        reason=context.phrase("reason", list=context.quoted(context.name(mail_style.list_name))),
        email=Token.EMAIL.value,
        unsubscribe=Token.UNSUBSCRIBE.value,
        preferences=Token.PREFERENCES.value,
        archive=address(mail_style.archive_url),
        social=tuple(
            LinkView(name=context.name(one.name), url=url)
            for one in mail_style.social
            if (url := address(one.url))
        ),
        sender=context.name(mail_style.from_name),
        postal_address=context.typesetter.phrase(mail_style.postal_address, most=LONGEST_HEADLINE),
        note=context.typesetter.phrase(mail_style.theme.note, most=LONGEST_SENTENCE),
        left_out=context.phrase("left_out", stories=context.counted(mail_style.left_out, "stories"))
        if mail_style.left_out
        else EMPTY,
        counted=context.phrase("counts_clicks") if mail_style.counts_clicks else EMPTY,
    )
