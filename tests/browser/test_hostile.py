"""What feeds may hold does nothing in a real browser: no dialog, no script, nothing asked for, no policy broken."""

from typing import Any

import pytest

from digest.entrypoints.security import HEADERS
from digest.entrypoints.web.archive.sharing import sharing
from digest.entrypoints.web.pages import page
from digest.model import EditionContent
from digest.render import web_edition
from digest.render.edition import render
from digest.render.presenters.web_context import WebContext
from digest.render.templating.templates import templates_folder
from tests.browser.conftest import Viewer
from tests.builders import a_list
from tests.unit.render.editions import NOW, a_mail_style
from tests.unit.render.test_hostile import ADDRESSES, NASTY, poisoned

pytestmark = pytest.mark.browser
_HANDLERS = (
    "[...document.querySelectorAll('*')].flatMap(e => e.getAttributeNames()).filter(n => n.startsWith('on'))"
)
EVERYTHING = " ".join(text for text in NASTY if len(text) < 60)
OF_MAIL = "default-src 'none'; style-src 'unsafe-inline'; img-src https:; form-action 'none'; base-uri 'none'"
"""What a strict web mail allows a letter: its own styles, and pictures from anywhere."""
PLANTS = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<img src='data:image/gif;base64,R0lGODlhAQABAAAAACw='>",
    "<iframe src='https://evil.example/'></iframe>",
    "<link rel=stylesheet href='https://evil.example/x.css'>",
    "<base href='https://evil.example/'>",
)


@pytest.mark.red("xss")
@pytest.mark.parametrize("layout", ["daily", "weekly", "breaking"])
def test_no_dialog_opens_and_no_script_is_there(viewer: Viewer, layout: str):
    for url in (*ADDRESSES, "https://marfa.example/1"):
        html = render(poisoned(EVERYTHING, url), a_mail_style(layout=layout), now=NOW).html
        shown = viewer.open(html)
        shown.page.mouse.move(300, 300)
        assert shown.dialogs == []
        assert shown.page.evaluate("document.scripts.length") == 0
        assert shown.page.evaluate(_HANDLERS) == []
        assert all(one.startswith("https://") for one in shown.asked)
        shown.page.context.close()


def test_a_script_would_be_noticed(viewer: Viewer):
    assert viewer.open("<!DOCTYPE html><script>alert(1)</script>").dialogs == ["1"]


@pytest.mark.red("xss")
@pytest.mark.parametrize("layout", ["daily", "weekly", "breaking"])
def test_a_hostile_mail_breaks_no_policy(viewer: Viewer, layout: str):
    for url in (*ADDRESSES, "https://marfa.example/1"):
        html = render(poisoned(EVERYTHING, url), a_mail_style(layout=layout), now=NOW).html
        shown = viewer.open(html, policy=OF_MAIL)
        shown.page.mouse.move(300, 300)
        assert (shown.dialogs, shown.reports()) == ([], [])
        shown.page.context.close()


def web_page(content: EditionContent) -> tuple[str, str]:
    """The edition's page as the site answers it: HTML and policy. Keys are ours, whatever feeds hold."""
    mailing_list = a_list()
    content = content.model_copy(
        update={
            "sections": tuple(
                section.model_copy(
                    update={
                        "key": "misc",
                        "stories": tuple(
                            story.model_copy(update={"key": f"{place:012x}"})
                            for place, story in enumerate(section.stories)
                        ),
                    }
                )
                for section in content.sections
            )
        }
    )
    view: dict[str, Any] = {
        "mailing_list": mailing_list,
        "subject": render(content, a_mail_style(), now=NOW).subject,
        "issue": web_edition.present(content, WebContext(mailing_list)),
        "canonical": "https://news.mujaz.example/l/daily/1",
        "before": None,
        "after": None,
        "published": NOW.isoformat(),
        "picture": "",
        "share": {
            story.key: sharing("https://news.mujaz.example/l/daily/1", story.headline)
            for section in content.sections
            for story in section.stories
        },
        "social": {},
    }
    answer = page("edition", view, language="ar", style=web_edition.colours(content.sections))
    policy = answer.headers.get("content-security-policy", HEADERS["content-security-policy"])
    return bytes(answer.body).decode(), policy


@pytest.mark.red("xss")
def test_a_hostile_web_edition_breaks_none_either(viewer: Viewer):
    css = (templates_folder() / "web" / "style.css").read_text(encoding="utf-8")
    for url in (*ADDRESSES, "https://marfa.example/1"):
        html, policy = web_page(poisoned(EVERYTHING, url))
        shown = viewer.open(html, policy=policy, beside={"/style.css": ("text/css", css)})
        shown.page.mouse.move(300, 300)
        assert (shown.dialogs, shown.reports()) == ([], [])
        assert shown.page.evaluate("document.scripts.length") == 0
        assert shown.page.evaluate(_HANDLERS) == []
        assert shown.page.evaluate("getComputedStyle(document.body).direction") == "rtl"
        shown.page.context.close()


@pytest.mark.parametrize("plant", PLANTS, ids=range(len(PLANTS)))
def test_what_was_planted_is_reported(viewer: Viewer, plant: str):
    mail = render(poisoned("خبر", None), a_mail_style(), now=NOW).html
    assert viewer.open(mail, policy=OF_MAIL).reports() == []
    shown = viewer.open(mail.replace("</body>", f"{plant}</body>"), policy=OF_MAIL)
    assert shown.dialogs == []
    assert len(shown.reports()) >= 1
