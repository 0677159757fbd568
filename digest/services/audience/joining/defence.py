"""Sign-up defence: counts shared by all processes, a mode for attacks, and blocked sign-ups that a person
looks at.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel.ext.asyncio.session import AsyncSession

from digest.errors import NotFoundError
from digest.model import BlockedSignup, MailingList, Signup
from digest.model.rows import row_id
from digest.services.app import App
from digest.services.audience.joining import limits as rules
from digest.services.audience.joining import stamps
from digest.services.audience.joining.limits import CONFIRMED, DOMAIN, HOUR, KEPT, LIST, SignupLimits
from digest.storage.audience import lists
from digest.storage.audience.joining import blocked_signups, signup_counts
from digest.text.addresses.domain import domain_of

REVIEW_LIFE = timedelta(days=7)
"""So long a blocked sign-up can be let through."""
HIDDEN_FIELD, UNSTAMPED = "hidden-field", "unstamped"


async def reason_against(
    app: App, session: AsyncSession, mailing_list: MailingList, asked: Signup, stamp: str | None
) -> str:
    """Count a sign-up and say what keeps it back: the limit that it is over, or a form that came back too
    soon.

    Empty for nothing. `stamp` is the form's; None where there was no form.

    Nothing about the address itself is looked up: known and unknown ones take the same time.
    """
    now, list_id = app.clock.now(), row_id(mailing_list)
    attacked = await is_attacked(app, session, list_id, now)
    limits = limits_of(app).under_attack() if attacked else limits_of(app)
    near = rules.networks(asked.came_from, app.settings.signup.exempt_networks)
    domain = domain_of(asked.email)
    reason = rules.over(await _counted(session, near, now), limits, domain)
    if reason:
        # One client that is refused anyway must not make a list look attacked.
        return reason
    counts = await _counted(session, {DOMAIN: domain, LIST: str(list_id)}, now)
    reason = rules.over(counts, limits, domain)
    if not reason and stamp is not None and _is_too_soon(app, mailing_list.slug, stamp, needed=attacked):
        return UNSTAMPED
    return reason


def _is_too_soon(app: App, slug: str, stamp: str, *, needed: bool) -> bool:
    """Say whether a form came back before a person could fill it in. Forms on sites of one's own have no
    stamp: they are taken without, but under attack.
    """
    if not stamp:
        return needed
    shown = stamps.age(stamp, slug, app.keys.links.believed, app.clock.now())
    return shown is None or shown.total_seconds() < app.settings.signup.least_seconds


async def _counted(session: AsyncSession, subjects: dict[str, str], now: datetime) -> dict[str, float]:
    """Count one more of each, and return how many each had in the last sixty minutes."""
    if not subjects:
        return {}
    hour = rules.hour_of(now)
    this = await signup_counts.add(session, subjects, hour)
    before = await signup_counts.of_hour(session, subjects, hour - HOUR)
    return {scope: rules.sliding(now, this[scope], before.get(scope, 0)) for scope in subjects}


def limits_of(app: App) -> SignupLimits:
    """Return the limits that the settings give."""
    chosen = app.settings.signup
    return SignupLimits(
        near=app.settings.web.signups_an_hour,
        network=chosen.network_an_hour,
        domain=chosen.domain_an_hour,
        list=chosen.list_an_hour,
    )


async def is_attacked(app: App, session: AsyncSession, list_id: int, now: datetime) -> bool:
    """Say whether a list's limits are tightened: by setting, or because many ask and few confirm.

    It is worked out anew each time from the counts of the last sixty minutes, so it ends by itself.
    """
    mode = app.settings.signup.attack
    if mode != "auto":
        return mode == "on"
    wanted = {LIST: str(list_id), CONFIRMED: str(list_id)}
    hour = rules.hour_of(now)
    this = await signup_counts.of_hour(session, wanted, hour)
    before = await signup_counts.of_hour(session, wanted, hour - HOUR)
    asked, confirmed = (rules.sliding(now, this.get(one, 0), before.get(one, 0)) for one in (LIST, CONFIRMED))
    return rules.is_attack(asked, confirmed)


async def attacked_lists(app: App) -> list[str]:
    """Return the slugs of the lists that programs sign up for at the moment."""
    now = app.clock.now()
    async with app.database.read() as session:
        if not await signup_counts.any_at_least(session, LIST, rules.hour_of(now) - HOUR, 1):
            return []
        return [
            one.slug
            for one in await lists.all_lists(session)
            if await is_attacked(app, session, row_id(one), now)
        ]


async def note_confirmed(session: AsyncSession, list_id: int, now: datetime) -> None:
    """Count that a sign-up of a list was confirmed."""
    await signup_counts.add(session, {CONFIRMED: str(list_id)}, rules.hour_of(now))


async def keep_back(app: App, session: AsyncSession, asked: Signup, reason: str) -> None:
    """Keep a sign-up for a person to look at; of a flood only so many."""
    hour = rules.hour_of(app.clock.now())
    kept = await signup_counts.add(session, {KEPT: str(asked.list_id)}, hour)
    if kept[KEPT] <= rules.MOST_KEPT:
        session.add(
            BlockedSignup(
                list_id=asked.list_id,
                email=asked.email,
                came_from=asked.came_from,
                at=asked.at,
                page=asked.page,
                text_key=asked.text_key,
                answers=asked.answers,
                reason=reason,
            )
        )


@dataclass(frozen=True, slots=True)
class KeptBack:
    """A blocked sign-up, and the slug of the list that it was for."""

    signup: BlockedSignup
    slug: str


async def blocked(app: App, slug: str | None = None) -> list[KeptBack]:
    """Return the sign-ups that were kept back in the last seven days, newest first.

    Raises:
        InputError: there is no such list.
    """
    async with app.database.read() as session:
        list_id = row_id(await lists.by_slug(session, slug)) if slug else None
        found = await blocked_signups.every(session, list_id, app.clock.now() - REVIEW_LIFE)
        return [KeptBack(one, name) for one, name in found]


async def release(app: App, ids: Sequence[int]) -> int:
    """Let blocked sign-ups through: each gets its confirmation, as if nothing had kept it back; returns how
    many.

    How often a mailbox may be asked holds for these as for all.

    Raises:
        NotFoundError: there is none of one of these numbers; then none is let through.
    """
    async with app.database.begin() as session:
        found = await blocked_signups.take(session, ids, app.clock.now() - REVIEW_LIFE)
        missing = sorted(set(ids) - {row_id(one) for one in found})
        if missing:
            raise NotFoundError(
                f"There is no blocked sign-up {missing[0]}.",
                remedy="`digest signups blocked` shows those that are kept.",
            )
        for one in found:
            session.add(
                Signup(
                    list_id=one.list_id,
                    email=one.email,
                    came_from=one.came_from,
                    at=one.at,
                    page=one.page,
                    text_key=one.text_key,
                    answers=one.answers,
                    released=True,
                )
            )
    return len(found)


async def forget(app: App, now: datetime) -> None:
    """Drop blocked sign-ups after seven days, and counts, which hold networks, after a day."""
    async with app.database.begin() as session:
        await blocked_signups.forget_before(session, now - REVIEW_LIFE)
        await signup_counts.forget_before(session, now - timedelta(days=1))
