"""Which parts the mails of other choices will need, so that they are made together."""

from collections.abc import Sequence

from digest.model import EditionContent
from digest.render.presenters.blocks import rest
from digest.render.presenters.context import RenderContext
from digest.render.presenters.fragments import Arguments
from digest.render.presenters.plan import Measures, Placed
from digest.render.presenters.present import contents_line, section_view
from digest.render.presenters.shared import SharedViews

Call = tuple[str, Arguments]
"""A template's part by name, with what it is given."""


def likely(
    calls: Sequence[Call],
    whole: EditionContent,
    shared: SharedViews,
    context: RenderContext,
    measures: Measures,
) -> list[Call]:
    """Return calls that other choices will make beside some: with each story in each place. To make them
    together takes a tenth of the time.
    """
    given = dict(calls)
    bare = context.mail_style.headlines_only
    every = [Placed(part, story) for part in whole.sections for story in part.stories]
    found: list[Call] = []
    if "lead" in given:
        top = 0 if bare else None
        found += [("lead", (shared.story(one, context, top, 1),)) for one in every]
    for part in whole.sections:
        placed = [one for one in every if one.section is part]
        for start in range(len(placed)):
            some = tuple(placed[start : start + measures.per_section])
            found.append(("section", (section_view(some, context, measures, shared=shared),)))
    if "contents" in given:
        lines = [contents_line(section_view((one,), context, measures, shared=shared)) for one in every]
        found += _in_lists("contents", lines, given["contents"][1:], len(whole.sections))
    if "brief" in given:
        views = [shared.story(one, context, 0) for one in every]
        found += _in_lists("brief", views, given["brief"][1:], measures.items - 1)
    if "rest" in given:
        numbers = range(1, len(every) + 1)
        found += [("rest", (one, *given["rest"][1:])) for n in numbers if (one := rest(n, context))]
    return found


def _in_lists(name: str, items: Sequence[object], others: Arguments, most: int) -> list[Call]:
    """Calls for lists of one item up to so many, and for every item in one of them."""
    found: list[Call] = [(name, (tuple(items[:count]), *others)) for count in range(1, most + 1)]
    starts = range(0, len(items), max(1, most))
    return found + [(name, (tuple(items[start : start + most]), *others)) for start in starts]
