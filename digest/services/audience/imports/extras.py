"""What a file says of people beside address, name and state: the list's own fields, tags and choices."""

import json
from collections.abc import Mapping, Sequence

from sqlalchemy import Connection

from digest.model import CustomField, ImportRun, MailingList
from digest.model.rows import row_id
from digest.services.audience.choices import portable
from digest.services.audience.imports.person import Person
from digest.services.audience.lists import specs
from digest.services.audience.segments.fields import value_row
from digest.storage.audience import own_fields
from digest.storage.audience.imports import extras as stored


def keep(
    connection: Connection,
    mailing_list: MailingList,
    run: ImportRun,
    people: Sequence[Person],
    own: Mapping[str, CustomField],
) -> None:
    """Fill the list's own fields where nothing stands yet, add tags, and give those whom this import brought
    the choices that the file has of them; who was here already chose here.
    """
    given = {one.email: one for one in people if one.own or one.tags or one.choices}
    if not given:
        return
    list_id = row_id(mailing_list)
    ids = own_fields.members(connection, list_id, list(given))
    here = {subscriber_id: given[email] for email, subscriber_id in ids.items()}
    rows = [
        value_row(own[key], subscriber_id, value) | {"import_id": run.id}
        for subscriber_id, one in here.items()
        if one.own
        for key, value in json.loads(one.own).items()
    ]
    own_fields.write(connection, rows, over=False)
    tags = [
        (subscriber_id, tag) for subscriber_id, one in here.items() if one.tags for tag in one.tags.split(",")
    ]
    stored.give_tags(connection, run, tags)
    columns: dict[str, Mapping[str, object]] = {}
    chosen = {}
    for subscriber_id, one in here.items():
        if one.choices:
            if one.choices not in columns:
                columns[one.choices] = portable.columns_on(
                    mailing_list, specs(mailing_list), one.choices, run.at
                )
            chosen[subscriber_id] = columns[one.choices]
    stored.choose(connection, run, chosen)
