"""The routes of the channels' pages."""

from digest.entrypoints.desk.channels import pages
from digest.entrypoints.desk.table import DeskRoute
from digest.model import Right

CHANNELS = "/desk/lists/{slug}/channels"
CHANNEL = f"{CHANNELS}/{{id:int}}"

CHANNELS_ROUTES: tuple[DeskRoute, ...] = (
    DeskRoute(
        path=CHANNELS, needs=Right.SETTINGS, get=pages.channels_page, post=pages.add, act="channels.add"
    ),
    DeskRoute(path=f"{CHANNEL}/test", needs=Right.SETTINGS, post=pages.test, act="channels.test"),
    DeskRoute(path=f"{CHANNEL}/pause", needs=Right.SETTINGS, post=pages.pause, act="channels.pause"),
    DeskRoute(path=f"{CHANNEL}/resume", needs=Right.SETTINGS, post=pages.resume, act="channels.resume"),
    DeskRoute(path=f"{CHANNEL}/retry", needs=Right.SETTINGS, post=pages.retry, act="channels.retry"),
    DeskRoute(path=f"{CHANNEL}/remove", needs=Right.SETTINGS, post=pages.remove, act="channels.remove"),
)
