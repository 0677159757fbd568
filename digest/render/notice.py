"""Single mails to one person. Nothing that a stranger wrote stands in them."""

from dataclasses import dataclass
from datetime import datetime

from digest.errors import ConfigError
from digest.render.edition import text_lines
from digest.render.message.rendered import RenderedEdition
from digest.render.presenters.context import RenderContext, address, build_context
from digest.render.presenters.present import frame
from digest.render.presenters.typesetting.subject import LONGEST_PREHEADER
from digest.render.presenters.typesetting.typography import EMPTY, LONGEST_HEADLINE, Phrase, clipped
from digest.render.presenters.view import NoticeView
from digest.render.templating.inline import inlined
from digest.render.templating.style import MailStyle
from digest.render.templating.templates import NOTICES, fill, layout
from digest.text.dates.coming import coming


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeContent:
    """What a notice says besides its fixed words.

    `first_at`: when its reader gets the first edition. `by_reply`: an answer to it is heard. `headlines` are
    of the latest edition, as plain text; the links are absolute addresses, empty for none.
    """

    first_at: datetime | None = None
    by_reply: bool = False
    headlines: tuple[str, ...] = ()
    preferences_url: str = ""
    leave_url: str = ""


NOTHING_MORE = NoticeContent()


def render_notice(
    kind: str,
    mail_style: MailStyle,
    *,
    action_url: str,
    now: datetime,
    content: NoticeContent = NOTHING_MORE,
) -> RenderedEdition:
    """Render a notice; it holds no tokens.

    Kind "confirm" asks whether its reader wants the list, with one link to say so. Kind "probe" says that
    mail came back from the address, asks nothing, and links to what its reader gets. Kind "welcome" greets
    who confirmed, and links to the latest edition; an empty `action_url` leaves that out. Kind
    "address" asks whether a reader of the list moves to its address.

    Raises:
        ConfigError: there is no such kind, or a template is wrong.
    """
    if kind not in NOTICES:
        raise ConfigError(f"There is no notice {kind!r}.", remedy=f"Choose one of: {', '.join(NOTICES)}.")
    made = build_context(mail_style, now)
    view = NoticeView(
        frame=frame(made, preheader=_preheader(made, f"{kind}_text")),
        action_url=address(action_url),
        sender=made.name(mail_style.from_name),
        postal_address=made.typesetter.phrase(mail_style.postal_address, most=LONGEST_HEADLINE),
        first=_first(made, content.first_at, now),
        by_reply=content.by_reply,
        headlines=tuple(made.typesetter.phrase(one, most=LONGEST_HEADLINE) for one in content.headlines),
        preferences_url=address(content.preferences_url),
        leave_url=address(content.leave_url),
    )
    pages = fill(layout(kind), {"notice": view, "frame": view.frame, "words": view.frame.words})
    return RenderedEdition(
        subject=pages.subject,
        text=text_lines(pages.text, mail_style.language),
        html=inlined(pages.html, mail_style.inliner).rstrip() + "\n",
        language=mail_style.language,
    )


def _first(made: RenderContext, first_at: datetime | None, now: datetime) -> Phrase:
    if first_at is None:
        return EMPTY
    style = made.mail_style
    time = coming(
        first_at,
        now,
        style.timezone,
        language=style.language,
        months=style.months,
        digits=made.typesetter.digits,
    )
    return made.phrase("first_edition", time=time)


def _preheader(made: RenderContext, word: str) -> Phrase:
    name = made.typesetter.plain(made.mail_style.list_name)
    return made.typesetter.isolated(clipped(made.word(word, list=name), LONGEST_PREHEADER))
