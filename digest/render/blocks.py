"""What stands around the stories: figures, data blocks, corrections, the rest, the footer."""

from zoneinfo import ZoneInfo

from digest.model import Correction, DataBlock, DataRow
from digest.render.context import Setting, address
from digest.render.figures import figures
from digest.render.message.rendered import Token
from digest.render.plan import Measures, Plan
from digest.render.typography import EMPTY, LONGEST_HEADLINE, LONGEST_SENTENCE
from digest.render.view import (
    BlockView,
    CorrectionView,
    FigureView,
    FooterView,
    LinkView,
    RestView,
    RowView,
)

MOST_ROWS = 8
_ARROWS = {"up": "▲", "down": "▼", "": ""}
_TRENDS = {"up": "good", "down": "bad", "": ""}


def day_figures(plan: Plan, setting: Setting, measures: Measures) -> tuple[FigureView, ...]:
    """Return the figures of the day, from the stories that are shown."""
    told = [
        placed.story
        for placed in (*plan.top, *(one for _, stories in plan.sections for one in stories), *plan.brief)
    ]
    return tuple(
        FigureView(
            figure=setting.typesetter.phrase(one.figure, most=40),
            sentence=setting.typesetter.phrase(one.sentence),
            source=setting.name(one.article.source),
            url=address(one.article.url),
        )
        for one in figures(told, setting.catalogue.units, setting.catalogue.magnitudes, most=measures.figures)
    )


def data_block(block: DataBlock, setting: Setting) -> BlockView:
    """Return a data block with no more rows than a mail has room for."""
    as_of = ""
    if block.as_of:
        local = block.as_of.astimezone(ZoneInfo(setting.look.timezone))
        as_of = setting.word("as_of", time=setting.typesetter.plain(f"{local:%H:%M}"))
    rows = tuple(_row(row, setting) for row in block.rows[:MOST_ROWS])
    return BlockView(
        title=setting.typesetter.phrase(block.title, most=60),
        rows=rows,
        side_by_side=block.kind == "prayer" and len(rows) <= 6,
        source=setting.name(block.source),
        as_of=setting.typesetter.isolated(as_of),
        url=address(block.url),
    )


def _row(row: DataRow, setting: Setting) -> RowView:
    return RowView(
        label=setting.typesetter.phrase(row.label, most=60),
        value=setting.typesetter.phrase(row.value, most=60),
        change=setting.typesetter.phrase(row.change, most=30),
        trend=_TRENDS[row.trend],
        arrow=_ARROWS[row.trend],
    )


def corrections(given: tuple[Correction, ...], setting: Setting) -> tuple[CorrectionView, ...]:
    """Return what earlier editions had wrong."""
    return tuple(
        CorrectionView(
            text=setting.typesetter.phrase(correction.text),
            about=setting.phrase("edition_was", n=setting.number(correction.edition_number))
            if correction.edition_number is not None
            else EMPTY,
            url=address(correction.url),
        )
        for correction in given
    )


def rest(left_out: int, setting: Setting) -> RestView | None:
    """Return what is left to the web edition; None when there is nothing left or no web edition."""
    url = address(setting.look.edition_url)
    if not left_out or not url:
        return None
    return RestView(count=setting.typesetter.isolated(setting.counted(left_out, "stories")), url=url)


def footer(setting: Setting) -> FooterView:
    """Return why a reader gets the mail, and the ways out."""
    look = setting.look
    return FooterView(
        reason=setting.phrase("reason", list=setting.quoted(setting.name(look.list_name))),
        email=Token.EMAIL.value,
        unsubscribe=Token.UNSUBSCRIBE.value,
        preferences=Token.PREFERENCES.value,
        archive=address(look.archive_url),
        social=tuple(
            LinkView(name=setting.name(one.name), url=url) for one in look.social if (url := address(one.url))
        ),
        sender=setting.name(look.from_name),
        postal_address=setting.typesetter.phrase(look.postal_address, most=LONGEST_HEADLINE),
        note=setting.typesetter.phrase(look.theme.note, most=LONGEST_SENTENCE),
    )
