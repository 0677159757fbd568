"""The form to copy into a page of one's own: as a frame, or as a form that is posted to us."""

from html import escape

from digest.model import MailingList
from digest.render.words import catalogue
from digest.services.app import App
from digest.text.direction.bidi import direction


def framed(app: App, mailing_list: MailingList) -> str:
    """Return the HTML of a frame that shows the list's form."""
    words = catalogue(mailing_list.language).words
    place = escape(f"{app.links.archive(mailing_list.slug)}/form")
    return (
        f'<iframe src="{place}" title="{escape(words["form_title"])}" loading="lazy"\n'
        '  style="width:100%;max-width:42rem;height:26rem;border:0"></iframe>\n'
    )


def posted(app: App, mailing_list: MailingList, site: str) -> str:
    """Return the HTML of a form for a page of a site; its reader is led back there."""
    words = catalogue(mailing_list.language).words
    title, email, button = (escape(words[f"form_{name}"]) for name in ("title", "email", "button"))
    place = escape(f"{app.links.archive(mailing_list.slug)}/form")
    back = escape(site.rstrip("/"))
    return (
        f'<form method="post" accept-charset="utf-8" action="{place}" lang="{mailing_list.language}" dir="{direction(mailing_list.language)}">\n'
        f"  <p><strong>{title}</strong></p>\n"
        f'  <label>{email} <input type="email" name="email" dir="ltr" required maxlength="320" autocomplete="email"></label>\n'
        '  <input type="text" name="website" tabindex="-1" autocomplete="off" aria-hidden="true" hidden>\n'
        f'  <input type="hidden" name="success_url" value="{back}/thanks">\n'
        f'  <input type="hidden" name="failure_url" value="{back}/again">\n'
        f"  <button>{button}</button>\n"
        "</form>\n"
    )
