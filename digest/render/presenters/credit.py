"""Who is credited with a story: the outlet whose headline it bears first, then those whose words are told,
then the others.
"""

from digest.model import ArticleRef, Story
from digest.render.presenters.context import RenderContext
from digest.render.presenters.typesetting.typography import EMPTY, LONGEST_HEADLINE, Phrase, joined
from digest.render.presenters.view import OutletView
from digest.text.direction.bidi import first_strong
from digest.text.words.normalise import fold

MOST_NAMED = 3
MOST_OUTLETS = 6


def tellers(story: Story) -> tuple[ArticleRef, ...]:
    """Return one article of each outlet. The first bears the headline; without one that does, it is the
    story's first.

    Then come the articles that the summary's sentences stand in, in their order, then the rest.
    """
    bears = fold(story.headline[:LONGEST_HEADLINE])
    wrote = [one for one in story.articles if fold(one.title[:LONGEST_HEADLINE]) == bears][:1]
    said = [
        story.articles[sentence.article]
        for sentence in story.summary.sentences
        if 0 <= sentence.article < len(story.articles)
    ]
    first: dict[str, ArticleRef] = {}
    for article in (*(wrote or story.articles[:1]), *said, *story.articles):
        first.setdefault(article.source, article)
    return tuple(first.values())


def by_line(covered_by: tuple[ArticleRef, ...], context: RenderContext) -> Phrase:
    """Return «بحسب سي إن إن وفرانس ٢٤، أمس ٤:٢٥ م»: at most three names, then how many more, and when the
    first told it.
    """
    if not covered_by:
        return EMPTY
    names = [context.name(article.source).text for article in covered_by]
    if len(names) > MOST_NAMED:
        kept = names[: MOST_NAMED - 1]
        names = [*kept, context.counted(len(names) - len(kept), "more_outlets")]
    by = context.phrase("by", names=listed(names, context))
    return joined([by, when(covered_by[0], context)], context.word("comma"))


def listed(names: list[str], context: RenderContext) -> str:
    """Return names as a sentence lists them: «أ وب وج», “A, B and C”."""
    text = names[0] if names else ""
    for place, name in enumerate(names[1:], 2):
        last = "and" if first_strong(name) in {"R", "AL"} else "and_latin"
        text += context.word(last if place == len(names) else "between") + name
    return text


def credit(article: ArticleRef, context: RenderContext) -> Phrase:
    """Return one outlet and when it told it: «الوطن، ٧:٣٠ ص»."""
    return joined([context.name(article.source), when(article, context)], context.word("comma"))


def when(article: ArticleRef, context: RenderContext) -> Phrase:
    """Return when an article came out, as a mail says it; empty when that is not known, or not yet come."""
    at = article.published_at
    return EMPTY if at is None or at > context.now else context.typesetter.isolated(context.moment(at))


def outlets(covered_by: tuple[ArticleRef, ...], context: RenderContext) -> tuple[OutletView, ...]:
    """Return who tells a story, each with the time and the address of its article."""
    return tuple(
        OutletView(
            name=context.name(article.source), ago=when(article, context), url=context.outlet(article.url)
        )
        for article in covered_by[:MOST_OUTLETS]
    )
