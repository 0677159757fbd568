"""Sources: how they fare, added, removed."""

from digest.entrypoints.api.v1.call import ApiCall
from digest.entrypoints.api.v1.shapes.sources import (
    NewSource,
    SourceAdded,
    SourceHappening,
    SourceHistory,
    SourcePage,
    SourceShown,
)
from digest.entrypoints.api.v1.table import ROOT, ApiAnswer
from digest.errors import NotFoundError
from digest.model.rows import row_id
from digest.model.versions import version_of
from digest.services.sources import catalogue, health
from digest.services.sources.catalogue import SourceSpec
from digest.services.sources.health import Health


async def list_sources(call: ApiCall) -> ApiAnswer:
    """Return all sources on the schedule with how they fare."""
    return ApiAnswer(SourcePage(items=[_shown(one) for one in await health.health(call.app)]))


async def show_source(call: ApiCall) -> ApiAnswer:
    """Return a source with how it fares."""
    one = await _one(call)
    return ApiAnswer(_shown(one), mark=version_of(catalogue.kept_of(one.source)))


async def list_source_history(call: ApiCall) -> ApiAnswer:
    """Return what happened to a source, newest first."""
    one = await _one(call)
    _, lines = await health.history(call.app, str(one.source.id))
    shown = [
        SourceHappening(at=line.at, reason=line.reason, message=line.message, message_ar=line.message_ar)
        for line in lines
    ]
    return ApiAnswer(SourceHistory(items=shown))


async def add_source(call: ApiCall) -> ApiAnswer:
    """Visit a site, feed or page, and keep it as a source."""
    sent: NewSource = call.body
    found = await catalogue.preview(
        call.app,
        SourceSpec(
            location=sent.location,
            name=sent.name,
            section=sent.section,
            standing=sent.weight,
            selector=sent.selector,
            headline_only=sent.headline_only,
            summary_words=sent.summary_words,
            zone=sent.timezone,
        ),
    )
    kept = await catalogue.keep(call.app, found)
    call.changed(str(kept.id), after={"location": kept.location, "name": kept.name, "kind": kept.kind.value})
    return ApiAnswer(
        SourceAdded(
            source=_shown(health.health_of(kept, call.app.clock.now(), call.app.settings.collect)),
            articles=len(found.articles),
            problems=list(found.problems),
            other_feeds=list(found.others),
        ),
        location=f"{ROOT}/sources/{kept.id}",
    )


async def remove_source(call: ApiCall) -> ApiAnswer:
    """Remove a source and its articles; editions stay as they are."""
    one = (await _one(call)).source
    await catalogue.remove(call.app, str(one.id), seen=call.seen)
    call.changed(str(one.id), before={"location": one.location, "name": one.name, "kind": one.kind.value})
    return ApiAnswer()


async def _one(call: ApiCall) -> Health:
    number = call.number()
    found = next((one for one in await health.health(call.app) if one.source.id == number), None)
    if found is None:
        raise NotFoundError(f"There is no source {number}.")
    return found


def _shown(one: Health) -> SourceShown:
    found = one.source
    return SourceShown(
        id=row_id(found),
        kind=found.kind,
        location=found.location,
        name=found.name,
        section=found.section,
        weight=found.standing,
        enabled=found.enabled,
        state=one.state,
        sentence=one.sentence,
        sentence_ar=one.sentence_ar,
        last_success_at=found.last_success_at,
        last_item_at=found.last_item_at,
        items_a_day=found.items_a_day,
        failures=found.failures,
    )
