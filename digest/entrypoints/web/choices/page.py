"""The page of preferences: what a reader gets, since when, the choices there are, and the way out."""

from typing import Any

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from digest.entrypoints.web.answers import expired, sent
from digest.entrypoints.web.choices.forms import changes_of, days_of_pause
from digest.entrypoints.web.pages import page
from digest.entrypoints.web.reading import slug_of
from digest.errors import ChoiceError, InputError
from digest.model import AlertChoice
from digest.model.people.eligibility import is_paused
from digest.render.presenters.web_context import WebContext
from digest.services.app import App
from digest.services.audience import consent, lists
from digest.services.audience.choices import own_data, pausing, rules
from digest.services.audience.choices.first_delivery import first_delivery
from digest.services.audience.choices.preferences import choose
from digest.services.schedule.slots import weekly_day

SAID = ("paused", "resumed", "asked", "moving")
"""What the page says after a button of its own that led back to it."""
ZONES = (
    *("Asia/Riyadh", "Asia/Kuwait", "Asia/Qatar", "Asia/Bahrain", "Asia/Dubai", "Asia/Muscat", "Asia/Aden"),
    *("Asia/Baghdad", "Asia/Amman", "Asia/Damascus", "Asia/Beirut", "Asia/Jerusalem", "Asia/Gaza"),
    *("Africa/Cairo", "Africa/Khartoum", "Africa/Tripoli", "Africa/Tunis", "Africa/Algiers"),
    *("Africa/Casablanca", "Africa/Nouakchott", "Africa/Mogadishu", "Africa/Djibouti"),
    *("Asia/Tehran", "Asia/Karachi", "Asia/Kabul", "Europe/Istanbul", "Europe/London", "Europe/Paris"),
    *("Europe/Berlin", "Europe/Stockholm", "America/New_York", "America/Chicago", "America/Los_Angeles"),
    *("America/Toronto", "America/Sao_Paulo", "Asia/Kuala_Lumpur", "Asia/Jakarta", "Australia/Sydney", "UTC"),
)
"""Zones that the field proposes; any other may be written."""


async def preferences(request: Request) -> Response:
    """Show a reader's choices; keep what was chosen."""
    app: App = request.app.state.app
    slug, token = slug_of(request), request.path_params["token"]
    try:
        found = await consent.membership(app, slug, token, purpose="preferences")
    except InputError:
        return await expired(app, slug)
    if request.method != "POST":
        said = request.query_params.get("said", "")
        return await shown(app, found, said if said in SAID else "")
    keys = [spec.key for spec in lists.specs(found.mailing_list)]
    changes = changes_of(await sent(request), keys)
    try:
        return await shown(app, await choose(app, slug, token, changes), "saved")
    except ChoiceError as error:
        said = f"problem_{error.about}"
    except InputError:
        said = "problem"
    # What was written stays on the page, so that only the mistake has to be written again.
    tried = rules.tried(rules.Preferences.of(found.subscription), changes)
    return await shown(app, found, said, 422, tried)


async def pause(request: Request) -> Response:
    """Pause for some days, or end the pause, and lead back to the page."""
    app: App = request.app.state.app
    slug, token = slug_of(request), request.path_params["token"]
    days = days_of_pause(await sent(request))
    try:
        found = await consent.membership(app, slug, token, purpose="preferences")
    except InputError:
        return await expired(app, slug)
    try:
        await pausing.pause(app, slug, token, days)
    except ChoiceError as error:
        return await shown(app, found, f"problem_{error.about}", 422)
    except InputError:
        return await shown(app, found, "problem", 422)
    return back(app, found, "paused" if days else "resumed")


def back(app: App, found: consent.Membership, said: str) -> Response:
    """A reload, or the way back, does nothing again."""
    own = app.links.preferences(found.mailing_list.slug, found.person.key)
    path = own.removeprefix(app.links.public_url)
    return RedirectResponse(f"{path}?said={said}", status_code=303, headers={"cache-control": "no-store"})


async def shown(
    app: App,
    found: consent.Membership,
    said: str,
    status: int = 200,
    tried: rules.Preferences | None = None,
) -> Response:
    """Show the page with what it says above; `tried` is what stands in the form instead of what is kept."""
    language = found.mailing_list.language
    other = await own_data.other_lists(app, found)
    view = preferences_view(app, found, tried) | {"said": said, "other_lists": other}
    return page("preferences", view, language=language, status=status, private=True)


def preferences_view(
    app: App, found: consent.Membership, tried: rules.Preferences | None = None
) -> dict[str, Any]:
    """Return all that the page shows."""
    mailing_list, subscription = found.mailing_list, found.subscription
    setting = WebContext(mailing_list)
    kept = rules.Preferences.of(subscription)
    chosen = tried or kept
    zone = kept.timezone or mailing_list.timezone
    since, until = subscription.confirmed_at, subscription.paused_until
    first = first_delivery(mailing_list, max(app.clock.now(), until or app.clock.now()), kept)
    own = app.links.preferences(mailing_list.slug, found.person.key).removeprefix(app.links.public_url)
    return {
        "mailing_list": mailing_list,
        "email": found.person.email,
        "subscribed": subscription.state.value == "confirmed",
        "since": setting.local_date(since) if since else "",
        "send_at": setting.clock(mailing_list.send_at),
        "first_delivery": setting.coming_in(first, app.clock.now(), zone) if first else "",
        "city": setting.city(mailing_list.timezone),
        "paused_until": setting.date_in(until, zone) if until and is_paused(until, app.clock.now()) else "",
        "chosen": chosen,
        "zones": ZONES,
        "own": own,
        "leave_url": app.links.unsubscribe(mailing_list.slug, found.person.key),
        "alerts": [(one.value, one is chosen.alerts) for one in AlertChoice],
        "quiet": chosen.quiet_hours.partition("-")[::2],
        **_of_list(found, chosen, setting),
    }


def _of_list(found: consent.Membership, chosen: rules.Preferences, setting: WebContext) -> dict[str, Any]:
    """What the list offers: only what its mail honours."""
    mailing_list = found.mailing_list
    specs = lists.specs(mailing_list)
    places = {key: place for place, key in enumerate(chosen.order, 1)}
    offered = sorted(set(mailing_list.weekdays), key=lambda day: (day + 2) % 7)  # from Saturday on
    return {
        "sections": [
            (
                spec.key,
                spec.title,
                chosen.sections is None or spec.key in chosen.sections,
                spec.key in chosen.never,
                places.get(spec.key, 0),
            )
            for spec in specs
        ],
        "places": [(place, setting.number(place)) for place in range(1, len(specs) + 1)],
        "has_weekly": rules.has_weekly(mailing_list),
        "weekly": chosen.frequency.value == "weekly",
        "days": [(day, setting.weekday(day), day in chosen.days) for day in offered]
        if rules.has_days(mailing_list)
        else [],
        "week": [(day, setting.weekday(day)) for day in (5, 6, 0, 1, 2, 3, 4)],
        "list_day": setting.weekday(weekly_day(mailing_list)),
        "hours": [(hour, setting.hour(hour)) for hour in range(24)],
        "digits": rules.digits_of(mailing_list.language),
        "own_digits": chosen.digits or setting.digits,
        "has_hijri": rules.has_hijri(mailing_list.language),
    }
