"""OPML at the desk: a file or a pasted text is looked at, then its new feeds are taken in one act; and
out.
"""

from starlette.responses import Response

from digest.entrypoints.desk.pages import desk_page, go_to
from digest.entrypoints.desk.sources.overview import HOME, sources_view
from digest.entrypoints.desk.visit import DeskVisit
from digest.errors import InputError
from digest.services.sources import opml_files

SHOWN = 500


async def export_opml(visit: DeskVisit) -> Response:
    """Return the stored sources as OPML."""
    return Response(
        await opml_files.export(visit.app),
        media_type="text/x-opml; charset=utf-8",
        headers={"content-disposition": 'attachment; filename="sources.opml"'},
    )


async def look(visit: DeskVisit) -> Response:
    """Show what a file would bring; nothing is kept."""
    content: str | bytes = await visit.upload.read() if visit.upload is not None else visit.field("opml")
    try:
        found = await opml_files.look(visit.app, content)
    except InputError:
        return await sources_view(visit, status=422, problem="refused_opml")
    view = {
        "found": found,
        "most": SHOWN,
        "text": opml_files.written(found.new, visit.now),
    }
    return desk_page(visit, "sources/opml", view)


async def take(visit: DeskVisit) -> Response:
    """Keep the new feeds of an OPML text; they are visited when their time comes."""
    try:
        found = await opml_files.take(visit.app, visit.field("opml").strip())
    except InputError:
        return await sources_view(visit, status=422, problem="refused_opml")
    if found.new:
        refused = {"refused": len(found.refused)} if found.refused else {}
        visit.changed(after={"added": len(found.new), "known": len(found.known), **refused})
    return go_to(f"{HOME}?done=opml_taken")
