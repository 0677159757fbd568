"""Single mails to one person. Nothing that a stranger wrote stands in them."""

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType

from digest.errors import ConfigError
from digest.render.edition import text_lines
from digest.render.message.rendered import RenderedEdition
from digest.render.presenters.context import RenderContext, address, build_context
from digest.render.presenters.present import frame
from digest.render.presenters.subject import LONGEST_PREHEADER
from digest.render.presenters.typography import LONGEST_HEADLINE, Phrase, clipped
from digest.render.presenters.view import NoticeView
from digest.render.templating.inline import inlined
from digest.render.templating.style import MailStyle
from digest.render.templating.templates import fill, layout

_TEMPLATES: Mapping[str, str] = MappingProxyType({"confirm": "confirm", "probe": "probe"})


def render_notice(kind: str, mail_style: MailStyle, *, action_url: str, now: datetime) -> RenderedEdition:
    """Render a notice; it holds no tokens.

    Kind "confirm" asks whether its reader wants the list, with one link to say so. Kind "probe" says that
    mail came back from the address, asks nothing, and links to what its reader gets.

    Raises:
        ConfigError: there is no such kind, or a template is wrong.
    """
    if kind not in _TEMPLATES:
        raise ConfigError(f"There is no notice {kind!r}.", remedy=f"Choose one of: {', '.join(_TEMPLATES)}.")
    made = build_context(mail_style, now)
    view = NoticeView(
        frame=frame(made, preheader=_preheader(made, f"{kind}_text")),
        action_url=address(action_url),
        sender=made.name(mail_style.from_name),
        postal_address=made.typesetter.phrase(mail_style.postal_address, most=LONGEST_HEADLINE),
    )
    pages = fill(layout(_TEMPLATES[kind]), {"notice": view, "frame": view.frame, "words": view.frame.words})
    return RenderedEdition(
        subject=pages.subject,
        text=text_lines(pages.text, mail_style.language),
        html=inlined(pages.html, mail_style.inliner).rstrip() + "\n",
        language=mail_style.language,
    )


def _preheader(made: RenderContext, word: str) -> Phrase:
    name = made.typesetter.plain(made.mail_style.list_name)
    return made.typesetter.isolated(clipped(made.word(word, list=name), LONGEST_PREHEADER))
