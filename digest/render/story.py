"""One story as templates show it: text, credit, why it matters, links."""

from urllib.parse import quote

from digest.model import ArticleRef, Story
from digest.render.context import RenderContext, address
from digest.render.plan import Placed
from digest.render.typography import (
    EMPTY,
    LONGEST_HEADLINE,
    LONGEST_NAME,
    LONGEST_SENTENCE,
    Phrase,
    clipped,
    joined,
)
from digest.render.view import OutletView, PictureView, StoryView
from digest.text.tokens import stems

MOST_OUTLETS = 6
LONGEST_SUMMARY = 600
"""A section stays below the height at which Word's renderer breaks a table across pages."""
LONGEST_SHARE = 1_200
DOT = " · "
_PICTURES = (".jpg", ".jpeg", ".png", ".gif")
_PICTURE_WIDTH = 536


def story_view(
    placed: Placed, context: RenderContext, *, sentences: int | None = None, number: int = 0
) -> StoryView:
    """Return the view of a story with its first sentences (None: all of them). `number` counts top stories; 0: none."""
    story = placed.story
    headline = context.typesetter.phrase(story.headline, most=LONGEST_HEADLINE)
    url = next((found for article in story.articles if (found := address(article.url))), "")
    web_url = context.on_web(f"s-{story.key}")
    share = url or web_url
    return StoryView(
        key=story.key,
        number=context.typesetter.isolated(context.number(number)) if number else EMPTY,
        section=context.name(placed.section.title),
        headline=headline,
        summary=_summary(story, context, sentences),
        credit=_credit(story, context),
        told_by=context.typesetter.isolated(_told_by(story, context)),
        mark=_mark(story, context),
        why=_why(story, context),
        outlets=_outlets(story, context),
        url=share,
        web_url=web_url,
        whatsapp=_shared("https://wa.me/?text=", f"{headline.text}\n{share}", share),
        telegram=_shared(
            f"https://t.me/share/url?url={quote(share, safe='')}&text=", headline.text, share, known=share
        ),
        picture=picture(story, headline, context),
    )


def _credit(story: Story, context: RenderContext) -> Phrase:
    """Who told it first; and that a machine wrote the summary, where that is so."""
    parts = [credit(story.articles[0], context)] if story.articles else []
    if story.summary.method == "llm" and context.mail_style.machine_label:
        parts.append(context.phrase("machine_summary"))
    return joined(parts, DOT) if parts else EMPTY


def credit(article: ArticleRef, context: RenderContext) -> Phrase:
    """Return who told it and when: «الوطن · قبل ٣ ساعات»."""
    ago = context.ago(article.published_at) if article.published_at else ""
    return joined([context.name(article.source), context.typesetter.isolated(ago)], DOT)


def picture(story: Story, headline: Phrase, context: RenderContext) -> PictureView | None:
    """Return the story's picture when mail programs can show it: https, and a JPEG, PNG or GIF by its name, or nameless."""
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
    told = []
    room = LONGEST_SUMMARY
    for sentence in story.summary.sentences[:sentences]:
        text = context.typesetter.plain(sentence.text, most=min(room, LONGEST_SENTENCE))
        if text and room > 20:
            told.append(context.typesetter.isolated(text))
            room -= len(text)
    return tuple(told)


def _told_by(story: Story, context: RenderContext) -> str:
    count = len(story.outlets)
    return context.counted(count, "outlets") if count > 1 else ""


def _mark(story: Story, context: RenderContext) -> Phrase:
    name = "breaking" if story.breaking else "update" if story.update else ""
    return context.phrase(name) if name else EMPTY


def _why(story: Story, context: RenderContext) -> tuple[Phrase, ...]:
    """Only what the data say: who else tells it, that it moved on, that its publisher calls it urgent, that readers follow it."""
    reasons: list[Phrase] = []
    if len(story.outlets) > 1:
        named = [
            context.typesetter.plain(name, most=LONGEST_NAME // 2) for name in story.outlets[:MOST_OUTLETS]
        ]
        names = context.word("comma").join(named)
        if len(story.outlets) > MOST_OUTLETS:
            names = context.word("and_others", names=names)
        reasons.append(context.phrase("told_by", outlets=_told_by(story, context), names=names))
    if story.update:
        reasons.append(context.phrase("was_updated"))
    if story.breaking and story.breaking_by == "publisher":
        reasons.append(context.phrase("is_breaking"))
    if followed := _followed(story, context):
        reasons.append(context.phrase("is_followed", words=context.word("comma").join(followed)))
    return tuple(reasons)


def _followed(story: Story, context: RenderContext) -> list[str]:
    said = frozenset(stems(clipped(story.headline, LONGEST_HEADLINE)))
    wanted = [
        word for word in context.mail_style.keywords if (parts := frozenset(stems(word))) and parts <= said
    ]
    return [context.quoted(context.name(word)) for word in wanted[:2]]


def _outlets(story: Story, context: RenderContext) -> tuple[OutletView, ...]:
    first = {article.source: article for article in reversed(story.articles)}
    return tuple(
        OutletView(
            name=context.name(name),
            ago=context.typesetter.isolated(
                context.ago(first[name].published_at) if first[name].published_at else ""  # type: ignore[arg-type]
            ),
            url=address(first[name].url),
        )
        for name in story.outlets[:MOST_OUTLETS]
    )


def _shared(service: str, text: str, share: str, *, known: str = "") -> str:
    """The address that hands a story on; without its headline when that makes it too long, nothing when there is no link."""
    if not share:
        return ""
    full = service + quote(text, safe="")
    if len(full) <= LONGEST_SHARE:
        return full
    short = service + ("" if known else quote(share, safe=""))
    return short if len(short) <= 2 * LONGEST_SHARE else ""
