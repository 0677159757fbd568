"""The embedded mailbox in a browser, with the public pages that its mails link to."""

import socket
from contextlib import AsyncExitStack
from urllib.parse import urlsplit

from digest.bootstrap import opened
from digest.entrypoints.cli.screen import say
from digest.entrypoints.listening import address, answer, answering, bound
from digest.entrypoints.security import names_loopback
from digest.entrypoints.web.app import build
from digest.entrypoints.web.mailbox import mailbox_app
from digest.errors import ConfigError, StoreError
from digest.runtime.inprocess import InProcessQueue
from digest.settings import Settings
from digest.storage.database.database_file import missing_file


async def answer_mailbox(settings: Settings, sock: socket.socket) -> None:
    """Answer the mailbox's pages until the process is told to stop.

    The links in the mails work meanwhile when they lead to this machine and nothing answers there yet.
    """
    async with AsyncExitStack() as stack:
        say(await open_links(settings, stack))
        await answer(mailbox_app(settings.mailbox.folder), sock)


async def open_links(settings: Settings, stack: AsyncExitStack) -> str:
    """Answer the public pages while the stack lasts, when mails link to this machine; say in one line what
    the links do.
    """
    host = urlsplit(settings.web.public_url).netloc
    if not names_loopback(host):
        return f"The mails' links lead to {settings.web.public_url}."
    if missing_file(settings.database.url) is not None:
        return "There is no database here yet, so the mails' links lead nowhere."
    try:
        sock = bound(settings.web.host, settings.web.port)
    except ConfigError:
        return f"The mails' links lead to {settings.web.public_url}, where something answers already."
    try:
        queue = InProcessQueue()
        app = await stack.enter_async_context(opened(settings, queue=queue))
        await stack.enter_async_context(queue)
        queue.start(app)
    except StoreError as error:
        sock.close()
        return f"The mails' links lead nowhere: {error}"
    await stack.enter_async_context(answering(build(app), sock))
    return f"The mails' links work while this runs: {address(sock)}"
