"""Which list a command means: the same answer for all of them."""

import sys

from digest.model import MailingList
from digest.services.app import App
from digest.services.audience import lists


async def chosen_list(app: App, slug: str | None, *, make: bool = False) -> MailingList:
    """Return the list that `--list` names; without it the only one, or the default one, which is then named
    on stderr.

    `make`: the list `daily` is made when there is no list at all.

    Raises:
        InputError: there is no such list, none at all, or several without a default.
    """
    mailing_list = await (lists.ensure(app, slug) if make else lists.choose(app, slug))
    if slug is None and await lists.is_default_of_several(app, mailing_list):
        sys.stderr.write(f"List: {mailing_list.slug}, the default (--list chooses another).\n")
    return mailing_list
