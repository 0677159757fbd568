"""The routes of the pages about programs."""

from digest.entrypoints.desk.programs import keys_page, webhooks_page
from digest.entrypoints.desk.table import DeskRoute
from digest.model import Right

PROGRAMS_ROUTES: tuple[DeskRoute, ...] = (
    DeskRoute(
        path="/desk/programs/keys",
        needs=Right.ACCOUNTS,
        get=keys_page.keys_page,
        post=keys_page.add_key,
        act="api_keys.add",
    ),
    DeskRoute(
        path="/desk/programs/keys/revoke",
        needs=Right.ACCOUNTS,
        post=keys_page.revoke_key,
        act="api_keys.revoke",
    ),
    DeskRoute(
        path="/desk/programs/webhooks",
        needs=Right.ACCOUNTS,
        get=webhooks_page.webhooks_page,
        post=webhooks_page.add_webhook,
        act="webhooks.add",
    ),
    DeskRoute(
        path="/desk/programs/webhooks/remove",
        needs=Right.ACCOUNTS,
        post=webhooks_page.remove_webhook,
        act="webhooks.remove",
    ),
    DeskRoute(
        path="/desk/programs/webhooks/test",
        needs=Right.ACCOUNTS,
        post=webhooks_page.try_webhook,
        act="webhooks.test",
    ),
    DeskRoute(
        path="/desk/programs/webhooks/replay",
        needs=Right.ACCOUNTS,
        post=webhooks_page.replay_webhook,
        act="webhooks.replay",
    ),
)
