"""One story as templates show it: text, credit, why it was chosen, links."""

from urllib.parse import quote

from digest.model import ArticleRef, Story
from digest.render.presenters import credit
from digest.render.presenters.context import RenderContext, address
from digest.render.presenters.credit import MOST_OUTLETS
from digest.render.presenters.plan import Placed
from digest.render.presenters.typesetting.typography import (
    EMPTY,
    LONGEST_HEADLINE,
    LONGEST_NAME,
    LONGEST_SENTENCE,
    Phrase,
    clipped,
    joined,
)
from digest.render.presenters.view import LinkView, PictureView, ShareView, StoryView
from digest.text.words.tokens import stems

MAJOR_OUTLETS = 3
"""What so many outlets tell has a larger headline."""
MOST_RELATED = 3
LONGEST_SUMMARY = 600
"""A section stays below the height at which Word's renderer breaks a table across pages."""
LONGEST_SHARE = 1_200
_PICTURES = (".jpg", ".jpeg", ".png", ".gif")
_PICTURE_WIDTH = 536


def story_view(
    placed: Placed, context: RenderContext, *, sentences: int | None = None, number: int = 0
) -> StoryView:
    """Return the view of a story with its first sentences (None: all of them). `number` counts top stories;
    0: none.

    Without any sentence it is a line, which names only the outlet whose headline it is. In one sentence it
    has no other sides of its matter.
    """
    story, bare = placed.story, context.mail_style.headlines_only
    headline = context.typesetter.phrase(story.headline, most=LONGEST_HEADLINE)
    covered_by = credit.tellers(story)
    web_url = context.on_web(f"s-{story.key}")
    # Whose headline it is: its page, else ours, where all who tell it stand.
    url = next(
        filter(None, (address(covered_by[0].url if covered_by else ""), web_url, _any_page(story))), ""
    )
    linked = context.outlet(url)
    why = context.typesetter.phrase(story.why.text if story.why else "", most=LONGEST_SENTENCE)
    return StoryView(
        key=story.key,
        number=context.typesetter.isolated(context.number(number)) if number else EMPTY,
        section=context.name(placed.section.title),
        headline=headline,
        summary=_summary(story, context, sentences),
        credit=_credit(story, covered_by if sentences != 0 else covered_by[:1], context),
        mark=_mark(story, context),
        why_title=context.phrase("why" if why else "chosen"),
        why=() if bare else (why,) if why else _chosen_for(story, context),
        outlets=credit.outlets(covered_by, context),
        related=() if sentences == 1 else _related(story, context),
        is_major=len(story.outlets) >= MAJOR_OUTLETS,
        url=linked,
        web_url=web_url,
        picture=None if bare else picture(story, headline, context),
        **vars(share_links(web_url or url)),
    )


def share_links(page: str) -> ShareView:
    """Return the addresses that hand a page on. They hold nothing but its address, which in a mail is a short
    one of ours.
    """
    known = quote(page, safe="")
    if not page or len(known) > LONGEST_SHARE:
        return ShareView(whatsapp="", telegram="")
    return ShareView(whatsapp=f"https://wa.me/?text={known}", telegram=f"https://t.me/share/url?url={known}")


def _any_page(story: Story) -> str:
    return next((found for article in story.articles if (found := address(article.url))), "")


def _credit(story: Story, covered_by: tuple[ArticleRef, ...], context: RenderContext) -> Phrase:
    """Who tells it; and that a machine wrote the summary, or somebody here edited it, where that is so."""
    parts = [credit.by_line(covered_by, context)]
    if story.original is not None:
        parts.append(context.phrase("edited"))
    if story.summary.method == "llm" and context.mail_style.machine_label:
        parts.append(context.phrase("machine_summary"))
    return joined(parts, context.word("comma"))


def picture(story: Story, headline: Phrase, context: RenderContext) -> PictureView | None:
    """Return the story's picture when mail programs can show it: https, and a JPEG, PNG or GIF by its name,
    or nameless.
    """
    own = f"{context.mail_style.pictures_url}/{story.thumbnail}"
    url = own if context.mail_style.pictures_url and story.thumbnail else address(story.image_url)
    name = url.partition("?")[0].rpartition("/")[2].lower()
    if not context.mail_style.theme.images or not url.startswith("https://"):
        return None
    if "." in name and not name.endswith(_PICTURES):
        return None
    alt = context.typesetter.plain(story.image_alt, most=LONGEST_NAME * 2) or clipped(
        context.word("picture") + context.word("colon") + headline.text, LONGEST_NAME * 2
    )
    return PictureView(url=url, alt=alt, width=_PICTURE_WIDTH)


def _summary(story: Story, context: RenderContext, sentences: int | None) -> tuple[Phrase, ...]:
    shown = []
    room = LONGEST_SUMMARY
    for sentence in story.summary.sentences[:sentences]:
        text = context.typesetter.plain(sentence.text, most=min(room, LONGEST_SENTENCE))
        if text and room > 20:
            shown.append(context.typesetter.isolated(text))
            room -= len(text)
    return tuple(shown)


def _mark(story: Story, context: RenderContext) -> Phrase:
    name = "breaking" if story.breaking else "update" if story.update else ""
    return context.phrase(name) if name else EMPTY


def _chosen_for(story: Story, context: RenderContext) -> tuple[Phrase, ...]:
    """Only what the data say and nothing else in the story says: the mark before the headline, the outlets
    below it.

    An alert shows no mark: there it is said whether the publisher itself called the story urgent.
    """
    reasons: list[Phrase] = []
    alert = context.mail_style.layout == "breaking"
    if len(story.outlets) > credit.MOST_NAMED and not alert:
        names = [
            context.typesetter.plain(name, most=LONGEST_NAME // 2) for name in story.outlets[:MOST_OUTLETS]
        ]
        shown = credit.listed(names, context)
        if len(story.outlets) > MOST_OUTLETS:
            shown = context.word("and_others", names=shown)
        reasons.append(
            context.phrase("covered_by", outlets=context.counted(len(story.outlets), "outlets"), names=shown)
        )
    if story.breaking and story.breaking_by == "publisher" and alert:
        reasons.append(context.phrase("is_breaking"))
    if story.update and (alert or story.breaking):
        reasons.append(context.phrase("was_updated"))
    if story.new_toll:
        reasons.append(context.phrase("new_toll", n=context.number(story.new_toll)))
    if followed := _followed(story, context):
        reasons.append(context.phrase("is_followed", words=credit.listed(followed, context)))
    return tuple(reasons)


def _followed(story: Story, context: RenderContext) -> list[str]:
    said = frozenset(stems(clipped(story.headline, LONGEST_HEADLINE)))
    wanted = [
        word for word in context.mail_style.keywords if (parts := frozenset(stems(word))) and parts <= said
    ]
    return [context.quoted(context.name(word)) for word in wanted[:2]]


def _related(story: Story, context: RenderContext) -> tuple[LinkView, ...]:
    """Other sides of the same matter: headline and outlet of each, in one line."""
    return tuple(
        LinkView(
            name=joined(
                [
                    context.typesetter.phrase(article.headline, most=LONGEST_HEADLINE),
                    context.phrase("in_brackets", text=context.name(article.outlet).text),
                ],
                " ",
            ),
            url=context.outlet(article.url),
        )
        for article in story.related[:MOST_RELATED]
    )
