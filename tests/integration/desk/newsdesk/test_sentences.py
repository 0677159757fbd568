"""What the desk says is so, and in the language of who reads it."""

import re
from collections.abc import Awaitable, Callable
from datetime import timedelta
from html import unescape
from pathlib import Path

import pytest

from digest.deliver.embedded import maildir
from digest.errors import PermanentDeliveryError
from digest.model import Approval, Edition, EditionKind, EditionState, Erratum, MailingList, Role
from digest.services.accounts import mails
from digest.services.app import App
from digest.services.desk import guide, list_looks
from digest.services.doctor import examine
from digest.services.editions import publish
from tests.builders import a_list, a_subscriber, an_edition, an_edition_content
from tests.integration.desk.conftest import PASSWORD, Hands, Joins

Mailed = Callable[[], Awaitable[list[maildir.StoredContent]]]
HERE = "/desk/lists/daily/editions/1"
LATIN_SENTENCE = re.compile(r"[a-z]+ [a-z]+ [a-z]+", re.IGNORECASE)


async def keep(app: App, *rows: object) -> None:
    async with app.database.begin() as session:
        session.add_all(rows)


def text_of(page: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


async def test_what_the_doctor_finds_is_told_in_arabic_at_the_desk(app: App, joins: Joins):
    page = (await (await joins(Role.OWNER)).opens("/desk/guide?look=mail")).text
    found = page[page.index('<ul class="plain">') :]
    findings = re.sub(r"<pre.*?</pre>", "", found[: found.index("</ul>")], flags=re.DOTALL)
    assert "لم يُضبط خادم" in findings
    assert "البريد المرتد" in findings
    assert not LATIN_SENTENCE.search(text_of(findings))


async def test_each_finding_of_this_machine_that_is_no_good_has_its_arabic_sentence(app: App, tmp_path: Path):
    file = tmp_path / "digest.db"
    file.touch(mode=0o644)
    chosen = app.settings.model_copy(
        update={"database": app.settings.database.model_copy(update={"url": f"sqlite:///{file}"})}
    )
    found = [one for one in examine.local(chosen, app.clock.now()) if one.state.value in {"warn", "bad"}]
    assert {one.check for one in found} >= {"permissions"}
    assert all(one.says_ar for one in found)


async def test_steps_that_were_put_off_are_not_called_done_and_are_found_again(app: App, joins: Joins):
    owner = await joins(Role.OWNER)
    for step in guide.STEPS:
        await owner.sends("/desk/guide/leave", {"step": step})
    page = (await owner.opens("/desk/guide")).text
    assert "اكتملت الخطوات" not in page
    assert 'href="/desk/guide"' in (await owner.opens("/desk")).text


async def test_a_day_whose_edition_went_out_early_is_not_announced_as_the_next(
    app: App, joins: Joins, clock: Hands
):
    now = clock.now()
    local = now + timedelta(hours=3)
    daily = a_list(send_at=f"{local + timedelta(minutes=40):%H:%M}")
    await keep(app, daily)
    viewer = await joins(Role.VIEWER)
    assert "بعد ٤٠ دقيقة" in (await viewer.opens("/desk")).text
    due_at = now + timedelta(minutes=25)
    made = an_edition(
        daily.id or 0, number=7, local_date=local.date(), state=EditionState.DRAFT, due_at=due_at
    )
    await keep(app, made)
    page = (await viewer.opens("/desk")).text
    assert "بعد ٢٥ دقيقة" in page
    assert 'href="/desk/lists/daily/editions/7">' in page
    async with app.database.begin() as session:
        found = await session.get_one(Edition, made.id)
        found.state, found.started_at = EditionState.FINISHED, now
    page = (await viewer.opens("/desk")).text
    assert "بعد ٢٤ ساعة" in page
    assert "دقيقة" not in text_of(page[page.index('id="lists"') :])


@pytest.fixture
async def paused(app: App) -> MailingList:
    async with app.database.begin() as session:
        made = a_list()
        session.add(made)
        await session.flush()
        session.add(
            an_edition(
                made.id or 0,
                state=EditionState.PAUSED,
                started_at=app.clock.now(),
                held_reason="15.3% of 176 at gmail.example bounced; the limit is 5.0%.",
                held_code="bounced",
                held_about={"share": "15.3%", "of": "176", "limit": "5.0%", "where": "gmail.example"},
            )
        )
    return made


async def test_who_watches_a_send_that_paused_reads_why_and_can_let_it_go_on(
    joins: Joins, paused: MailingList
):
    publisher = await joins(Role.PUBLISHER)
    page = (await publisher.opens(f"{HERE}/progress")).text
    assert "ارتدّ ١٥٫٣٪ مما أُرسل إلى gmail.example (١٧٦)، والحد ٥٫٠٪." in text_of(page)
    assert f'action="{HERE}/resume"' in page
    assert f'action="{HERE}/resume"' not in (await (await joins(Role.VIEWER)).opens(f"{HERE}/progress")).text


async def test_what_was_corrected_of_an_edition_stands_on_its_page(
    app: App, joins: Joins, paused: MailingList
):
    at = app.clock.now()
    await keep(app, Erratum(list_id=paused.id or 0, edition_number=1, text="الجسر ١٢٥٠ مترًا.", created_at=at))
    assert "الجسر ١٢٥٠ مترًا." in (await (await joins(Role.VIEWER)).opens(HERE)).text


async def test_without_a_cooling_off_the_page_says_that_there_is_none(app: App, joins: Joins):
    daily = a_list(approval=Approval.REQUIRED, cooling_off_minutes=0)
    await keep(app, daily)
    due_at = app.clock.now() + timedelta(seconds=30)
    await keep(app, an_edition(daily.id or 0, state=EditionState.DRAFT, due_at=due_at))
    said = text_of((await (await joins(Role.PUBLISHER)).opens(HERE)).text)
    assert "إلا الآن" not in said
    assert "لا مهلة للتراجع في هذه النشرة" in said
    assert "خلال أقل من دقيقة )." in said


async def test_the_look_of_a_list_is_that_of_its_newest_regular_edition(app: App, daily: MailingList):
    alert = an_edition_content(kind=EditionKind.BREAKING, number=2).model_dump(mode="json")
    async with app.database.begin() as session:
        session.add(an_edition(daily.id or 0, number=2, kind=EditionKind.BREAKING, topic="x", content=alert))
    html = await list_looks.look(app, daily, {})
    assert "خبر لا يحتمل انتظار العدد المقبل" not in html


async def test_an_invitation_that_the_server_refuses_is_told_beside_it(
    app: App, joins: Joins, monkeypatch: pytest.MonkeyPatch
):
    owner = await joins(Role.OWNER)
    assert (await owner.sends("/desk/accounts/invite", {"email": "x", "role": "editor"})).status_code == 422
    wrong = await owner.sends("/desk/accounts/invite", {"email": "x", "role": "editor"})
    assert "ليس هذا عنوان بريد صحيحًا" in wrong.text

    async def refuses(*_args: object, **_named: object) -> bool:
        return False

    await owner.sends("/desk/accounts/invite", {"email": "sara@news.example", "role": "editor"})
    with monkeypatch.context() as patched:
        patched.setattr(mails, "try_staff_mail", refuses)
        await mails.mail_link(app, (await mails.due(app, 1))[0])
    assert "لم يقبل خادم البريد رسالتها بعد" in (await owner.opens("/desk/accounts")).text


async def test_an_invitation_that_was_mailed_after_all_is_not_called_refused(
    app: App, joins: Joins, mailed: Mailed
):
    owner = await joins(Role.OWNER)
    await owner.sends("/desk/accounts/invite", {"email": "sara@news.example", "role": "editor"})
    [first] = await mailed()
    assert "2026-" not in str(first)
    await owner.sends("/desk/accounts/invite", {"email": "sara@news.example", "role": "viewer"})
    page = (await owner.opens("/desk/accounts")).text
    assert page.count('dir="ltr">sara@news.example') == 1, "the newer invitation takes the place of the older"
    assert "خادم البريد" not in page


async def test_a_password_that_is_too_short_is_told_how_long_it_has_to_be(joins: Joins):
    page = (await (await joins(Role.VIEWER)).opens("/desk/account")).text
    assert "١٢ حرفًا على الأقل" in text_of(page)


async def test_a_bulk_act_without_its_tag_says_that_the_tag_is_missing(
    app: App, joins: Joins, daily: MailingList
):
    person = a_subscriber()
    await keep(app, person)
    answer = await (await joins(Role.ADMIN)).sends(
        "/desk/lists/daily/people/acts", {"what": "tag", "whom": "all", "tag_given": " "}
    )
    assert answer.status_code == 422
    assert "اكتب الوسم أولًا" in answer.text


async def test_a_test_mail_that_was_refused_shows_the_servers_words(
    app: App, joins: Joins, daily: MailingList, monkeypatch: pytest.MonkeyPatch
):
    async def refuses(*_args: object) -> str:
        raise PermanentDeliveryError("no", code=550, reply="5.1.1 no such user here")

    monkeypatch.setattr(publish, "send_test", refuses)
    answer = await (await joins(Role.OWNER)).sends(f"{HERE}/test", {"to": "zed@news.example"})
    assert answer.status_code == 502
    assert "550 5.1.1 no such user here" in answer.text


@pytest.mark.parametrize("location", ["ليس عنوانا", "x" * 300, "http://[::1", "صحيفة"])
async def test_what_is_no_address_is_not_said_to_be_unreachable(joins: Joins, location: str):
    answer = await (await joins(Role.EDITOR)).sends("/desk/sources/find", {"location": location})
    assert answer.status_code == 422
    assert "اكتب عنوانًا على الويب" in answer.text


async def test_a_look_at_a_source_promises_no_other_try(app: App, joins: Joins):
    said = (
        await (await joins(Role.EDITOR)).sends("/desk/sources/find", {"location": "http://127.0.0.1:9/"})
    ).text
    assert "ستعاد المحاولة" not in said


async def test_the_log_is_read_and_filtered_in_words(app: App, joins: Joins, daily: MailingList):
    owner = await joins(Role.OWNER)
    await owner.sends("/desk/lists/daily/settings/sender", {"from_name": "موجز", "on_unknown": "hold"})
    page = (await owner.opens("/desk/audit")).text
    assert "المكتب: owner-all@news.example" in page
    assert '<option value="lists.settings">إعدادات عُدّلت</option>' in page
    assert 'title="from_name">اسم المُرسِل:' in page
    shown = (await owner.opens("/desk/audit?act=lists")).text
    assert "owner-all@news.example</bdi>" in shown
    assert "لا شيء بهذا الوصف" in (await owner.opens("/desk/audit?act=people")).text


async def test_what_was_typed_when_a_session_ended_comes_back_under_the_names_of_its_fields(
    app: App, joins: Joins, daily: MailingList
):
    admin = await joins(Role.ADMIN, email="sara@news.example")
    admin.cookie = "over"
    fields = {"page": "sender", "version": "x", "from_name": "موجز المساء", "from_address": ""}
    asked = await admin.sends("/desk/lists/daily/settings/sender", fields)
    assert asked.status_code == 401
    kept = re.search(r'name="kept" value="([^"]*)"', asked.text)
    assert kept is not None
    again = {"email": "sara@news.example", "password": PASSWORD, "kept": unescape(kept[1]),
             "next": "/desk/lists/daily/settings/sender"}  # fmt: skip
    page = (await admin.sends("/desk/login", again)).text
    assert 'value="موجز المساء"' in page
    assert ">اسم المُرسِل</label>" in page
    assert '<input type="hidden" name="page" value="sender">' in page
    assert ">from_name<" not in page
