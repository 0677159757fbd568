"""Keys of programs at the desk: made once, shown once, ended."""

from collections.abc import Awaitable, Callable

import pytest

from digest.model import AuditEntry, MailingList, Role
from digest.services.app import App
from digest.services.programs import keys
from tests.integration.desk.conftest import Joins

HOME = "/desk/programs/keys"


async def test_a_key_is_made_shown_once_and_revoked(
    app: App, joins: Joins, daily: MailingList, logged: Callable[[], Awaitable[list[AuditEntry]]]
):
    owner = await joins(Role.OWNER)
    made = await owner.sends(HOME, {"name": "موقعنا", "scope": ["lists:read"], "list": "daily", "days": "30"})
    assert made.status_code == 200
    key = made.text.partition('value="mujaz_')[2].partition('"')[0]
    caller = await keys.caller(app, f"mujaz_{key}")
    assert caller is not None
    assert caller.mailing_list is not None
    assert caller.mailing_list.slug == "daily"
    assert key not in (await owner.opens(HOME)).text
    assert (await owner.sends(f"{HOME}/revoke", {"name": "موقعنا"})).status_code == 303
    assert await keys.caller(app, f"mujaz_{key}") is None
    log = await logged()
    assert [one.act for one in log] == ["api_keys.add", "api_keys.revoke"]
    assert (log[1].before, log[1].after) == ({"open": True}, {"open": False})
    assert key not in "".join(one.model_dump_json() for one in log)


@pytest.mark.parametrize(
    "fields",
    [
        {"name": "", "scope": ["lists:read"]}, {"name": "x"}, {"name": "x", "scope": ["nosuch"]},
        {"name": "x", "scope": ["lists:read"], "list": "nosuch"}, {"name": "x", "scope": ["lists:read"], "days": "9"},
        {"name": "x", "scope": ["audit:read"], "list": "daily"},
    ],
)  # fmt: skip
async def test_a_key_that_cannot_be_is_refused_and_what_was_typed_stays(
    app: App, joins: Joins, daily: MailingList, fields: dict[str, str | list[str]]
):
    owner = await joins(Role.OWNER)
    answer = await owner.sends(HOME, fields)
    assert answer.status_code in {404, 422}
    assert await keys.every(app) == []
    assert (await owner.sends(f"{HOME}/revoke", {"name": "nosuch"})).status_code == 404


async def test_a_webhook_is_set_up_tried_replayed_and_removed(
    app: App, joins: Joins, daily: MailingList, logged: Callable[[], Awaitable[list[AuditEntry]]]
):
    owner, home = await joins(Role.OWNER), "/desk/programs/webhooks"
    assert (await owner.sends(home, {"name": "crm", "url": "https://127.0.0.1/"})).status_code == 422
    fields = {"name": "crm", "url": "https://crm.example.org/hook", "event": ["subscriber.joined"]}
    made = await owner.sends(home, fields)
    secret = made.text.partition('value="whsec_')[2].partition('"')[0]
    assert len(secret) == 44
    assert (await owner.sends(f"{home}/test", {"name": "crm"})).status_code == 303
    shown = (await owner.opens(f"{home}?log=crm")).text
    assert secret not in shown
    assert '<code dir="ltr">test</code>' in shown
    assert (await owner.sends(f"{home}/replay", {"name": "crm", "number": "1"})).status_code == 303
    assert (await owner.sends(f"{home}/remove", {"name": "crm"})).status_code == 303
    assert (await owner.opens(f"{home}?log=crm")).status_code == 404
    log = await logged()
    acts = ["webhooks.add", "webhooks.test", "webhooks.replay", "webhooks.remove"]
    assert [one.act for one in log] == acts
    assert secret not in "".join(one.model_dump_json() for one in log)
