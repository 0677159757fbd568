"""A reader's choices as they go from one installation to another, in a cell of a file. Pure."""

import json
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, fields
from datetime import datetime
from typing import Any

from pydantic import TypeAdapter

from digest.errors import ChoiceError, InputError
from digest.model import MailingList, SectionSpec
from digest.services.audience.choices.rules import Preferences, checked
from digest.services.schedule import local_time
from digest.services.schedule.quiet import QuietHours
from digest.text.words.short_cache import cached_when_short

LONGEST = 20_000
PAUSED = "paused_until"
_NOTHING = Preferences()
_NAMES = frozenset(one.name for one in fields(Preferences))
_PREFERENCES = TypeAdapter(Preferences)


def written(known: Any) -> str:
    """Return what a subscription, or a row with its columns, chose, as JSON; empty for nothing.

    Names are those of `Preferences`, and `paused_until`; what is missing was not chosen.
    """
    chosen = Preferences.of(known)
    found: dict[str, Any] = {}
    if chosen != _NOTHING:
        nothing = asdict(_NOTHING)
        found = {name: value for name, value in asdict(chosen).items() if value != nothing[name]}
    if known.paused_until is not None:
        found[PAUSED] = known.paused_until.isoformat()
    return json.dumps(found, ensure_ascii=False) if found else ""


@cached_when_short(2048, longest=500)
def read(text: str) -> str:
    """Return choices as `written` gives them, checked but for what depends on a list.

    Raises:
        InputError: they cannot be read, or there is no such zone, hour or time.
    """
    unreadable = InputError(
        f"The choices {text[:60]!r} cannot be read.",
        remedy="They are JSON as `digest subscribers export` writes it; --map choices=- leaves them out.",
    )
    try:
        given = json.loads(text) if len(text) <= LONGEST else None
        if not isinstance(given, dict) or given.keys() - _NAMES - {PAUSED}:
            raise unreadable
        paused = given.pop(PAUSED, None)
        has_zone = paused is None or datetime.fromisoformat(str(paused)).tzinfo is not None
        chosen = _PREFERENCES.validate_python(given)
        json.dumps(given, ensure_ascii=False).encode()  # half a letter can be kept nowhere
    except (ValueError, RecursionError) as error:
        raise unreadable from error
    if not has_zone:
        raise unreadable
    if chosen.hour is not None:
        local_time.hour_of(chosen.hour)
    if chosen.timezone:
        local_time.zone(chosen.timezone[:100])
    QuietHours.read(chosen.quiet_hours)
    found = {name: value for name, value in asdict(chosen).items() if name in given}
    return json.dumps(found | ({PAUSED: str(paused)} if paused else {}), ensure_ascii=False)


def columns_on(
    mailing_list: MailingList, specs: Sequence[SectionSpec], text: str, now: datetime
) -> Mapping[str, Any]:
    """Return the columns of a subscription that hold choices, as `read` gave them, on a list.

    What the list does not offer (a section of another list, a weekly edition) is as for who chose nothing; a
    pause that is over is none.
    """
    given = json.loads(text)
    paused = given.pop(PAUSED, None)
    chosen = _NOTHING
    # One by one, so that one which the list does not offer takes no other with it.
    for name, value in asdict(_PREFERENCES.validate_python(given)).items():
        if name in given:
            with suppress(ChoiceError):
                chosen = checked(mailing_list, specs, chosen, {name: value})  # type: ignore[misc]
    until = datetime.fromisoformat(paused) if paused else None
    return chosen.columns() | {PAUSED: until if until and until > now else None}
