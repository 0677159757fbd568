"""One story as templates show it: text, credit, why it matters, links."""

from urllib.parse import quote

from digest.model import ArticleRef, Story
from digest.render.context import Setting, address
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


def tell(placed: Placed, setting: Setting, *, sentences: int | None = None, number: int = 0) -> StoryView:
    """Return the view of a story with its first sentences (None: all of them). `number` counts top stories; 0: none."""
    story = placed.story
    headline = setting.typesetter.phrase(story.headline, most=LONGEST_HEADLINE)
    url = next((found for article in story.articles if (found := address(article.url))), "")
    web_url = setting.on_web(f"s-{story.key}")
    share = url or web_url
    return StoryView(
        key=story.key,
        number=setting.typesetter.isolated(setting.number(number)) if number else EMPTY,
        section=setting.name(placed.section.title),
        headline=headline,
        summary=_summary(story, setting, sentences),
        credit=_credit(story, setting),
        told_by=setting.typesetter.isolated(_told_by(story, setting)),
        mark=_mark(story, setting),
        why=_why(story, setting),
        outlets=_outlets(story, setting),
        url=share,
        web_url=web_url,
        whatsapp=_shared("https://wa.me/?text=", f"{headline.text}\n{share}", share),
        telegram=_shared(
            f"https://t.me/share/url?url={quote(share, safe='')}&text=", headline.text, share, known=share
        ),
        picture=picture(story, headline, setting),
    )


def _credit(story: Story, setting: Setting) -> Phrase:
    """Who told it first; and that a machine wrote the summary, where that is so."""
    parts = [credit(story.articles[0], setting)] if story.articles else []
    if story.summary.method == "llm" and setting.look.machine_label:
        parts.append(setting.phrase("machine_summary"))
    return joined(parts, DOT) if parts else EMPTY


def credit(article: ArticleRef, setting: Setting) -> Phrase:
    """Return who told it and when: «الوطن · قبل ٣ ساعات»."""
    ago = setting.ago(article.published_at) if article.published_at else ""
    return joined([setting.name(article.source), setting.typesetter.isolated(ago)], DOT)


def picture(story: Story, headline: Phrase, setting: Setting) -> PictureView | None:
    """Return the story's picture when mail programs can show it: https, and a JPEG, PNG or GIF by its name, or nameless."""
    own = f"{setting.look.pictures_url}/{story.thumbnail}"
    url = own if setting.look.pictures_url and story.thumbnail else address(story.image_url)
    name = url.partition("?")[0].rpartition("/")[2].lower()
    if not setting.look.theme.images or not url.startswith("https://"):
        return None
    if "." in name and not name.endswith(_PICTURES):
        return None
    alt = setting.typesetter.plain(story.image_alt, most=LONGEST_NAME * 2) or clipped(
        setting.word("picture") + setting.word("colon") + headline.text, LONGEST_NAME * 2
    )
    return PictureView(url=url, alt=alt, width=_PICTURE_WIDTH)


def _summary(story: Story, setting: Setting, sentences: int | None) -> tuple[Phrase, ...]:
    told = []
    room = LONGEST_SUMMARY
    for sentence in story.summary.sentences[:sentences]:
        text = setting.typesetter.plain(sentence.text, most=min(room, LONGEST_SENTENCE))
        if text and room > 20:
            told.append(setting.typesetter.isolated(text))
            room -= len(text)
    return tuple(told)


def _told_by(story: Story, setting: Setting) -> str:
    count = len(story.outlets)
    return setting.counted(count, "outlets") if count > 1 else ""


def _mark(story: Story, setting: Setting) -> Phrase:
    name = "breaking" if story.breaking else "update" if story.update else ""
    return setting.phrase(name) if name else EMPTY


def _why(story: Story, setting: Setting) -> tuple[Phrase, ...]:
    """Only what the data say: who else tells it, that it moved on, that its publisher calls it urgent, that readers follow it."""
    reasons: list[Phrase] = []
    if len(story.outlets) > 1:
        named = [
            setting.typesetter.plain(name, most=LONGEST_NAME // 2) for name in story.outlets[:MOST_OUTLETS]
        ]
        names = setting.word("comma").join(named)
        if len(story.outlets) > MOST_OUTLETS:
            names = setting.word("and_others", names=names)
        reasons.append(setting.phrase("told_by", outlets=_told_by(story, setting), names=names))
    if story.update:
        reasons.append(setting.phrase("was_updated"))
    if story.breaking:
        reasons.append(setting.phrase("is_breaking"))
    if followed := _followed(story, setting):
        reasons.append(setting.phrase("is_followed", words=setting.word("comma").join(followed)))
    return tuple(reasons)


def _followed(story: Story, setting: Setting) -> list[str]:
    said = frozenset(stems(clipped(story.headline, LONGEST_HEADLINE)))
    wanted = [word for word in setting.look.keywords if (parts := frozenset(stems(word))) and parts <= said]
    return [setting.quoted(setting.name(word)) for word in wanted[:2]]


def _outlets(story: Story, setting: Setting) -> tuple[OutletView, ...]:
    first = {article.source: article for article in reversed(story.articles)}
    return tuple(
        OutletView(
            name=setting.name(name),
            ago=setting.typesetter.isolated(
                setting.ago(first[name].published_at) if first[name].published_at else ""  # type: ignore[arg-type]
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
