"""Logging in at the desk: invitations, passwords, sessions, second factors, locks."""

import re
from collections.abc import Awaitable, Callable

import pyotp
import pytest
from sqlmodel import select

from digest.deliver.embedded import maildir
from digest.model import Account, AuditEntry, LoginSession, RecoveryCode, Role
from digest.services.accounts import invitations
from digest.services.app import App
from tests.integration.desk.conftest import PASSWORD, SITE, Hands, Joins, Tab

Mailed = Callable[[], Awaitable[list[maildir.StoredContent]]]
Logged = Callable[[], Awaitable[list[AuditEntry]]]
NEW = {"name": "أمل", "password": PASSWORD, "password_again": PASSWORD}


async def logs_in(tab: Tab, email: str, password: str = PASSWORD, **more: str) -> int:
    return (await tab.sends("/desk/login", {"email": email, "password": password, **more})).status_code


async def an_account(app: App) -> Account:
    async with app.database.begin() as session:
        return (await session.exec(select(Account))).one()


async def test_the_first_owner_comes_in_by_a_link_that_works_once(app: App, tab: Callable[[], Tab]):
    link = (await invitations.invite(app, Role.OWNER)).removeprefix(SITE)
    first = tab()
    assert (await first.opens(link)).status_code == 200
    answer = await first.sends(link, {"email": "Amal@News.example", **NEW})
    assert (answer.status_code, answer.headers["location"]) == (303, "/desk/account?done=welcome")
    assert (await first.opens("/desk/accounts")).status_code == 200
    assert (await tab().sends(link, {"email": "zed@news.example", **NEW})).status_code == 410
    account = await an_account(app)
    assert account.email == "amal@news.example"
    assert account.password_hash.startswith("$argon2id$")


async def test_the_cookie_is_for_this_host_alone_and_no_script_reads_it(app: App, tab: Callable[[], Tab]):
    link = (await invitations.invite(app, Role.OWNER)).removeprefix(SITE)
    answer = await tab().sends(link, {"email": "amal@news.example", **NEW})
    cookie = answer.headers["set-cookie"].lower()
    assert cookie.startswith("__host-desk=")
    for part in ("path=/", "secure", "httponly", "samesite=lax"):
        assert part in cookie
    assert "domain=" not in cookie


async def test_an_invitation_ends(app: App, tab: Callable[[], Tab], clock: Hands):
    link = (await invitations.invite(app, Role.EDITOR)).removeprefix(SITE)
    clock.moves(hours=app.settings.desk.invitation_hours + 1)
    assert (await tab().opens(link)).status_code == 410
    assert (await tab().sends(link, {"email": "amal@news.example", **NEW})).status_code == 410


async def test_an_invitation_by_mail_is_in_nobody_elses_hands(
    app: App, joins: Joins, tab: Callable[[], Tab], mailed: Mailed
):
    owner = await joins(Role.OWNER)
    asked = {"email": "badr@news.example", "role": "editor", "list": ""}
    assert (await owner.sends("/desk/accounts/invite", asked)).status_code == 303
    (mail,) = await mailed()
    link = re.search(rf"{SITE}(/desk/invitation/\S+)", mail.text)[1]  # type: ignore[index]
    assert link.rpartition("/")[2] not in (await owner.opens("/desk/accounts")).text
    guest = tab()
    assert (await guest.sends(link, {"email": "someone@else.example", **NEW})).status_code == 303
    assert (await guest.opens("/desk/accounts")).status_code == 403
    async with app.database.begin() as session:
        assert {one.email for one in (await session.exec(select(Account))).all()} >= {"badr@news.example"}


async def test_what_is_kept_of_a_session_does_not_open_it(app: App, joins: Joins):
    viewer = await joins(Role.VIEWER)
    async with app.database.begin() as session:
        (kept,) = (await session.exec(select(LoginSession))).all()
    assert viewer.cookie not in kept.token_hash
    viewer.cookie = kept.token_hash
    assert (await viewer.opens("/desk")).status_code == 303


async def test_each_login_has_a_cookie_of_its_own_and_ends_the_one_before(
    joins: Joins, tab: Callable[[], Tab]
):
    planted = (await joins(Role.VIEWER)).cookie
    guest = tab()
    guest.cookie = planted
    assert await logs_in(guest, "viewer-all@news.example") == 303
    assert guest.cookie != planted
    old = tab()
    old.cookie = planted
    assert (await old.opens("/desk")).status_code == 303


@pytest.mark.parametrize("how", ["logout", "password", "roles", "shut out", "reset", "ended"])
async def test_what_ends_a_session_ends_it(
    app: App, joins: Joins, tab: Callable[[], Tab], mailed: Mailed, how: str
):
    owner = await joins(Role.OWNER)
    person = await joins(Role.EDITOR, email="editor@news.example")
    stolen = tab()
    stolen.cookie = person.cookie
    assert (await stolen.opens("/desk")).status_code == 200
    async with app.database.begin() as session:
        account = (await session.exec(select(Account).where(Account.email == "editor@news.example"))).one()
    if how == "logout":
        await person.sends("/desk/logout")
    elif how == "password":
        fields = {"old_password": PASSWORD, "password": PASSWORD + "x", "password_again": PASSWORD + "x"}
        assert (await person.sends("/desk/account/password", fields)).status_code == 303
        assert (await person.opens("/desk")).status_code == 200
    elif how == "roles":
        await owner.sends(f"/desk/accounts/{account.id}/roles", {"role": ["viewer"]})
    elif how == "shut out":
        await owner.sends(f"/desk/accounts/{account.id}/active", {"active": "no"})
    elif how == "reset":
        await tab().sends("/desk/forgotten", {"email": account.email})
        link = re.search(rf"{SITE}(/desk/reset/\S+)", (await mailed())[0].text)[1]  # type: ignore[index]
        fields = {"password": PASSWORD + "y", "password_again": PASSWORD + "y"}
        assert (await tab().sends(link, fields)).status_code == 303
        assert await logs_in(tab(), account.email) == 422
        assert await logs_in(tab(), account.email, PASSWORD + "y") == 303
    else:
        another = tab()
        await logs_in(another, account.email)
        await another.sends("/desk/account/sessions/end")
        assert (await another.opens("/desk")).status_code == 200
    assert (await stolen.opens("/desk")).status_code == 303


async def test_a_session_ends_by_itself_when_idle_and_when_old(joins: Joins, clock: Hands, app: App):
    chosen = app.settings.desk
    idle = await joins(Role.VIEWER)
    clock.moves(minutes=chosen.idle_minutes - 1)
    assert (await idle.opens("/desk")).status_code == 200
    clock.moves(minutes=chosen.idle_minutes + 1)
    assert (await idle.opens("/desk")).status_code == 303
    busy = await joins(Role.VIEWER, email="busy@news.example")
    for _ in range(chosen.session_days * 4):
        clock.moves(hours=6)
        answer = await busy.opens("/desk/account")
    assert answer.status_code == 303


async def test_a_wrong_address_and_a_wrong_password_are_told_the_same(joins: Joins, tab: Callable[[], Tab]):
    await joins(Role.VIEWER)
    pages = []
    for email in ("viewer-all@news.example", "nobody@news.example", "no address"):
        answer = await tab().sends("/desk/login", {"email": email, "password": "wrong"})
        assert answer.status_code == 422
        pages.append(answer.text.replace(email, ""))
    assert len(set(pages)) == 1


async def test_an_account_is_locked_after_so_many_failures_and_opens_again(
    app: App, joins: Joins, tab: Callable[[], Tab], clock: Hands
):
    await joins(Role.VIEWER)
    guest = tab()
    for _ in range(app.settings.desk.login_tries):
        assert await logs_in(guest, "viewer-all@news.example", "wrong") == 422
    assert await logs_in(guest, "viewer-all@news.example") == 429
    assert await logs_in(guest, "nobody@news.example", "wrong") == 422
    clock.moves(minutes=app.settings.desk.lock_minutes + 1)
    assert await logs_in(guest, "viewer-all@news.example") == 303


async def test_a_network_is_locked_out_whichever_accounts_it_tries(app: App, tab: Callable[[], Tab]):
    guest = tab()
    for number in range(app.settings.desk.network_tries):
        await logs_in(guest, f"nobody{number}@news.example", "wrong")
    assert await logs_in(guest, "another@news.example", "wrong") == 429


async def set_up(person: Tab) -> tuple[str, list[str]]:
    page = await person.sends("/desk/account/second-factor", {"old_password": PASSWORD})
    assert "<svg" in page.text
    secret = re.search(r'class="secret">(\w+)<', page.text)[1]  # type: ignore[index]
    return secret, []


async def test_the_second_factor_is_asked_for_and_no_code_opens_twice(
    app: App, joins: Joins, tab: Callable[[], Tab], clock: Hands
):
    person = await joins(Role.PUBLISHER)
    secret, _ = await set_up(person)
    code = pyotp.TOTP(secret).at(clock.now())
    page = await person.sends("/desk/account/second-factor/confirm", {"code": code})
    recovery = re.findall(r"<code>([\w-]{11})</code>", page.text)
    assert len(recovery) == 10
    guest = tab()
    answer = await guest.sends("/desk/login", {"email": "publisher-all@news.example", "password": PASSWORD})
    assert answer.status_code == 200
    assert (await guest.opens("/desk")).status_code == 303, "the password alone opens nothing"
    assert (await guest.sends("/desk/login/code", {"code": code})).status_code == 422, "it was used before"
    clock.moves(seconds=30)
    arabic = pyotp.TOTP(secret).at(clock.now()).translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩"))
    assert (await guest.sends("/desk/login/code", {"code": arabic})).status_code == 303
    assert (await guest.opens("/desk")).status_code == 200
    for again, status in ((recovery[0].upper(), 303), (recovery[0], 422)):
        other = tab()
        await logs_in(other, "publisher-all@news.example")
        assert (await other.sends("/desk/login/code", {"code": again})).status_code == status
    async with app.database.begin() as session:
        kept = (await session.exec(select(RecoveryCode))).all()
    assert len(kept) == 9
    assert not {one.replace("-", "") for one in recovery} & {one.code_hash for one in kept}


async def test_who_has_to_have_a_second_factor_gets_no_further_without(
    app: App, joins: Joins, monkeypatch: pytest.MonkeyPatch
):
    person = await joins(Role.OWNER)
    chosen = app.settings.desk.model_copy(update={"require_second_factor": True})
    monkeypatch.setitem(app.settings.__dict__, "desk", chosen)
    answer = await person.opens("/desk/accounts")
    assert (answer.status_code, answer.headers["location"]) == (
        303, "/desk/account?done=second_factor_required",
    )  # fmt: skip
    assert (await person.opens("/desk/account")).status_code == 200


async def test_asking_for_a_new_password_tells_nobody_who_has_an_account(
    joins: Joins, tab: Callable[[], Tab], mailed: Mailed
):
    await joins(Role.VIEWER)
    pages = {
        (await tab().sends("/desk/forgotten", {"email": email})).text
        for email in ("viewer-all@news.example", "nobody@news.example", "none", "")
    }
    assert len(pages) == 1
    assert [mail.text.count("/desk/reset/") for mail in await mailed()] == [1]


async def test_a_password_that_can_be_guessed_is_not_taken(app: App, tab: Callable[[], Tab]):
    link = (await invitations.invite(app, Role.OWNER)).removeprefix(SITE)
    for password, again in (
        ("short", "short"), ("aaaaaaaaaaaaaaaa", "aaaaaaaaaaaaaaaa"), (PASSWORD, PASSWORD + "x"),
        ("amal@news.example", "amal@news.example"), ("", ""),
    ):  # fmt: skip
        fields = {"email": "amal@news.example", "name": "a", "password": password, "password_again": again}
        assert (await tab().sends(link, fields)).status_code == 422


async def test_what_was_typed_comes_back_after_the_login(
    joins: Joins, app: App, clock: Hands, logged: Logged
):
    person = await joins(Role.OWNER)
    clock.moves(minutes=app.settings.desk.idle_minutes + 1)
    typed = {"name": "أمل «من الرباط» <b>", "language": "ar", "digits": "latn"}
    answer = await person.sends("/desk/account/profile", typed)
    assert answer.status_code == 401
    kept = re.search(r'name="kept" value="([^"]*)"', answer.text)[1]  # type: ignore[index]
    from html import unescape

    answer = await person.sends(
        "/desk/login",
        {
            "email": "owner-all@news.example", "password": PASSWORD, "next": "/desk/account/profile",
            "kept": unescape(kept),
        },
    )  # fmt: skip
    assert answer.status_code == 200
    assert "أمل «من الرباط» &lt;b&gt;" in answer.text
    assert 'action="/desk/account/profile"' in answer.text
    assert PASSWORD not in answer.text
    assert (await person.sends("/desk/account/profile", typed)).status_code == 303
    assert [one.act for one in await logged()] == ["account.login", "account.profile"]


@pytest.mark.parametrize(
    "where", ["//evil.example", "https://evil.example/", "/\\evil.example", "/desk//evil.example", "/l/daily"]
)
async def test_a_login_leads_nowhere_else(joins: Joins, tab: Callable[[], Tab], where: str):
    await joins(Role.VIEWER)
    fields = {"email": "viewer-all@news.example", "password": PASSWORD, "next": where}
    assert (await tab().sends("/desk/login", fields)).headers["location"] == "/desk"
