"""Sources taken out and brought in as OPML: looked at before they are taken."""

import html
import re

from digest.model import MailingList, Role
from digest.services.app import App
from tests.builders import a_source
from tests.integration.desk.conftest import Joins
from tests.integration.desk.sources.keeping import Log, has, kept


async def test_opml_goes_out_and_comes_in_again(joins: Joins, app: App, daily: MailingList, logged: Log):
    await has(app, a_source(), a_source(location="https://sahl.example/rss", name="السهل"))
    editor = await joins(Role.EDITOR)
    written = await editor.opens("/desk/sources.opml")
    assert "attachment" in written.headers["content-disposition"]
    for source in await kept(app):
        await editor.sends(f"/desk/sources/{source.id}/remove", {"sure": "yes"})
    assert (await editor.sends("/desk/sources/import", {"opml": written.text})).status_code == 303
    assert {one.name for one in await kept(app)} == {"المرفأ", "السهل"}
    assert (await logged())[-1].after == {"added": 2, "known": 0}
    for wrong in ("", "لا شيء", "<opml"):
        assert (await editor.sends("/desk/sources/import", {"opml": wrong})).status_code == 422, wrong


FILE = """<?xml version="1.0" encoding="windows-1256"?><opml version="2.0"><body><outline text="صحف">
<outline text="السهل" xmlUrl="https://sahl.example/rss"/><outline text="المرفأ" xmlUrl="{known}"/></outline>
<outline text="الجبل" xmlUrl="https://jabal.example/rss"/><outline text="داخلي" xmlUrl="http://192.168.1.1/rss"/>
<outline text="ملف" xmlUrl="file:///etc/passwd"/></body></opml>"""


async def test_what_an_opml_file_brings_is_shown_before_it_is_taken_in_one_act(
    joins: Joins, app: App, daily: MailingList, logged: Log
):
    await has(app, known := a_source())
    editor = await joins(Role.EDITOR)
    body = FILE.format(known=known.location).encode("windows-1256")
    head = {"sec-fetch-site": "same-origin"}
    shown = await editor.client.post(
        "/desk/uploads/sources", files={"file": ("feeds.opml", body)}, headers=head
    )
    assert shown.status_code == 200
    for words in (
        "مصادر جديدة: ٢",
        "السهل",
        "الجبل",
        "لا تُضاف: ٢",
        "http://192.168.1.1/rss",
        "file:///etc/passwd",
    ):
        assert words in re.sub("<[^>]*>", "", shown.text), words
    assert len(await kept(app)) == 1
    assert await logged() == [], "looking is no act"
    text = html.unescape(shown.text.partition('name="opml" hidden readonly>')[2].partition("</textarea>")[0])
    again = {"files": {"none": ("", b"")}, "data": {"opml": text}, "headers": head}
    for _ in range(2):
        assert (await editor.client.post("/desk/uploads/sources/take", **again)).status_code == 303
    assert {one.name for one in await kept(app)} == {"المرفأ", "السهل", "الجبل"}
    (entry,) = await logged()
    assert (entry.act, entry.after) == ("sources.import", {"added": 2, "known": 0})


async def test_an_opml_file_has_a_meter_of_its_own(joins: Joins, app: App, daily: MailingList):
    editor = await joins(Role.EDITOR)
    head = {"sec-fetch-site": "same-origin"}
    large = {"file": ("feeds.opml", b"<opml>" + b" " * 2_100_000)}
    answer = await editor.client.post("/desk/uploads/sources", files=large, headers=head)
    assert answer.status_code == 413
    many = "".join(f'<outline xmlUrl="https://a.example/{n}"/>' for n in range(2_001))
    for wrong in (b"", b"no", f"<opml><body>{many}</body></opml>".encode()):
        answer = await editor.client.post(
            "/desk/uploads/sources", files={"file": ("feeds.opml", wrong)}, headers=head
        )
        assert answer.status_code == 422
        assert "ليس ملف OPML" in answer.text
