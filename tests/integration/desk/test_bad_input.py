"""What people and programs send that nobody asked for: a clear page, never a trace."""

from collections.abc import Awaitable, Callable

import pytest

from digest.entrypoints.desk.routes import ROUTES
from digest.model import AuditEntry, MailingList, Role
from digest.services.app import App
from tests.integration.desk.conftest import PASSWORD, SITE, Joins
from tests.integration.desk.test_matrix import address

ODD = {
    "empty": b"",
    "no pairs": b"&&&==&%%%=%zz",
    "not text": bytes(range(128, 256)) + b"=\xff\xfe",
    "NUL": b"email=%00%00&password=%00&name=%00&role=%00&status=%00&list=%00&code=%00&state=%00",
    "halves": b"email=%ED%A0%80&name=%ED%A0%80&role=%ED%A0%80",
    "many": b"&".join(b"role=viewer" for _ in range(150)),
    "other list": b"role=editor@nosuch&list=nosuch&email=a@b.example&active=maybe",
    "wrong types": b"role=7&language=1&digits=true&active=7&status=7&code=letters&state=nonsense",
    "control": b"email=%0d%0aBcc:x@y.example&name=%0d%0a%1b[31m&role=owner%0d%0a",
}

ENDS_SESSIONS = ("/desk/log", "/desk/account", "/desk/reset", "/desk/invitation", "/desk/forgotten")
"""Forms after which somebody may have to log in again begin so."""


@pytest.mark.parametrize("kind", list(ODD))
async def test_no_form_breaks_a_page(app: App, joins: Joins, daily: MailingList, kind: str):
    owner = None
    for number, route in enumerate(one for one in ROUTES if one.post):
        if owner is None:
            owner = await joins(Role.OWNER, email=f"owner{number}@news.example")
        answer = await owner.client.post(
            address(route),
            content=ODD[kind],
            headers={
                "content-type": "application/x-www-form-urlencoded",
                "sec-fetch-site": "same-origin",
                "origin": SITE,
            },
        )
        assert answer.status_code < 500, (route.path, kind)
        assert answer.status_code != 401, (route.path, kind)
        assert "Traceback" not in answer.text
        owner = None if route.path.startswith(ENDS_SESSIONS) else owner


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    "kind", ["application/json", "multipart/form-data; boundary=x", "multipart/form-data", ""]
)
async def test_no_kind_of_body_breaks_a_page(joins: Joins, daily: MailingList, kind: str):
    owner = await joins(Role.OWNER)
    for route in (one for one in ROUTES if one.post and "logout" not in one.path):
        for body in (
            b'{"email": ["a"]}',
            b"--x\r\nContent-Disposition: form-data; name=f; filename=a\r\n\r\nx\r\n--x--",
        ):
            headers = {"content-type": kind, "sec-fetch-site": "same-origin"}
            answer = await owner.client.post(address(route), content=body, headers=headers)
            assert answer.status_code < 500, (route.path, kind)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_a_megabyte_is_refused_before_it_is_read(joins: Joins, daily: MailingList):
    owner = await joins(Role.OWNER)
    headers = {"content-type": "application/x-www-form-urlencoded", "sec-fetch-site": "same-origin"}
    for route in (one for one in ROUTES if one.post):
        answer = await owner.client.post(
            address(route), content=b"name=" + b"%D8%A7" * 1_000_000, headers=headers
        )
        assert answer.status_code == 413, route.path
        assert "أطول مما يُقبل" in answer.text


@pytest.mark.parametrize(
    "path",
    [
        "/desk/lists/%00/editions", "/desk/lists/daily/editions/99999999999999999999", "/desk/lists/daily/editions/0",
        "/desk/lists/daily/editions/1/preview?view=%00", "/desk/lists/daily/editions?below=99999999999",
        "/desk/lists/daily/editions?below=-1", "/desk/lists/daily/editions?below=x", "/desk/audit?list=%00&to=x",
        "/desk/lists/..%2f..%2fetc/editions", "/desk/login?next=%00&done=%00", "/desk/invitation/%00",
        "/desk/reset/" + "a" * 3000, "/desk?done=<script>",
    ],
)  # fmt: skip
async def test_no_address_breaks_a_page(joins: Joins, daily: MailingList, path: str):
    owner = await joins(Role.OWNER)
    answer = await owner.opens(path)
    assert answer.status_code < 500
    assert "<script>" not in answer.text


async def test_a_form_that_is_sent_twice_is_done_once(
    joins: Joins, daily: MailingList, logged: Callable[[], Awaitable[list[AuditEntry]]]
):
    owner = await joins(Role.OWNER)
    asked = {"email": "badr@news.example", "role": "owner", "list": "daily"}
    first = await owner.sends("/desk/accounts/invite", asked)
    assert first.status_code == 303
    fields = {
        "old_password": PASSWORD,
        "password": "جملة أخرى طويلة 9",
        "password_again": "جملة أخرى طويلة 9",
    }
    assert (await owner.sends("/desk/account/password", fields)).status_code == 303
    assert (await owner.sends("/desk/account/password", fields)).status_code == 422
    for _ in range(2):
        assert (await owner.sends("/desk/lists/daily/editions/1/cancel")).status_code == 303
    assert [one.act for one in await logged()].count("editions.cancel") == 1


async def test_nobody_raises_themselves_and_the_last_owner_stays(app: App, joins: Joins, daily: MailingList):
    admin, owner = await joins(Role.ADMIN), await joins(Role.OWNER)
    from digest.services.accounts import staff

    ids = {account.email: account.id for account, _ in (await staff.everyone(app)).accounts}
    own, boss = ids["admin-all@news.example"], ids["owner-all@news.example"]
    for path, fields in (
        (f"/desk/accounts/{own}/roles", {"role": ["owner"]}),
        (f"/desk/accounts/{boss}/roles", {"role": ["viewer"]}),
        (f"/desk/accounts/{boss}/active", {"active": "no"}),
        ("/desk/accounts/invite", {"email": "zed@news.example", "role": "owner"}),
    ):
        assert (await admin.sends(path, fields)).status_code == 422, path
    assert (await owner.sends(f"/desk/accounts/{boss}/roles", {"role": ["viewer"]})).status_code == 422
    assert (await owner.sends(f"/desk/accounts/{boss}/active", {"active": "no"})).status_code == 422
    assert (await owner.opens("/desk/accounts")).status_code == 200
