"""The people of a list: subscribers, segments, imports."""

from digest.entrypoints.api.v1.resources import imports, segments, subscribers
from digest.entrypoints.api.v1.shapes import imports as import_shapes
from digest.entrypoints.api.v1.shapes import people as people_shapes
from digest.entrypoints.api.v1.shapes import segments as segment_shapes
from digest.entrypoints.api.v1.shapes.base import PageAsked
from digest.entrypoints.api.v1.table import ROOT, ApiRoute
from digest.model import Scope, SegmentDefinition

LIST = f"{ROOT}/lists/{{slug}}"
PERSON = f"{LIST}/subscribers/{{id:int}}"
SEGMENT = f"{LIST}/segments/{{name}}"
FILES = (
    "text/csv",
    "text/plain",
    "application/json",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "application/octet-stream",
)
LONGEST_FILE = 16_000_000

PEOPLE: tuple[ApiRoute, ...] = (
    # People.
    ApiRoute(
        method="GET",
        path=f"{LIST}/subscribers",
        needs=Scope.SUBSCRIBERS_READ,
        does=subscribers.list_subscribers,
        says="A list's people; `q` searches them",
        query=people_shapes.PeopleAsked,
        answer=people_shapes.PersonPage,
    ),
    ApiRoute(
        method="POST",
        path=f"{LIST}/subscribers",
        needs=Scope.SUBSCRIBERS_WRITE,
        does=subscribers.add_subscriber,
        says="Ask an address whether it wants the list (202), or add one that said so (201; 200 known)",
        body=people_shapes.NewPerson,
        answer=people_shapes.PersonAdded,
        status=201,
        also=(200, 202),
        act="subscribers.add",
    ),
    ApiRoute(
        method="GET",
        path=PERSON,
        needs=Scope.SUBSCRIBERS_READ,
        does=subscribers.show_subscriber,
        says="Somebody on a list with choices, fields, tags and consent",
        answer=people_shapes.PersonShown,
    ),
    ApiRoute(
        method="PATCH",
        path=PERSON,
        needs=Scope.SUBSCRIBERS_WRITE,
        does=subscribers.change_subscriber,
        says="Change somebody's choices and own fields",
        body=people_shapes.PersonChanges,
        answer=people_shapes.PersonShown,
        act="subscribers.change",
    ),
    ApiRoute(
        method="DELETE",
        path=PERSON,
        needs=Scope.SUBSCRIBERS_WRITE,
        does=subscribers.remove_subscriber,
        says="End somebody's subscription to the list",
        status=204,
        act="subscribers.remove",
    ),
    ApiRoute(
        method="PUT",
        path=f"{PERSON}/tags/{{tag}}",
        needs=Scope.SUBSCRIBERS_WRITE,
        does=subscribers.tag_subscriber,
        says="Give somebody a tag",
        status=204,
        act="tags.add",
    ),
    ApiRoute(
        method="DELETE",
        path=f"{PERSON}/tags/{{tag}}",
        needs=Scope.SUBSCRIBERS_WRITE,
        does=subscribers.untag_subscriber,
        says="Take a tag from somebody",
        status=204,
        act="tags.remove",
    ),
    ApiRoute(
        method="POST",
        path=f"{ROOT}/subscribers/{{id:int}}/forget",
        needs=Scope.SUBSCRIBERS_WRITE,
        does=subscribers.forget_subscriber,
        says="Erase a person from every list",
        answer=people_shapes.PersonForgotten,
        act="subscribers.forget",
    ),
    # Segments.
    ApiRoute(
        method="GET",
        path=f"{LIST}/segments",
        needs=Scope.SEGMENTS_READ,
        does=segments.list_segments,
        says="A list's segments",
        answer=segment_shapes.SegmentPage,
    ),
    ApiRoute(
        method="POST",
        path=f"{LIST}/segments/count",
        needs=Scope.SEGMENTS_READ,
        does=segments.count_segment,
        says="How many people a definition means now; nothing is saved",
        body=SegmentDefinition,
        answer=segment_shapes.SegmentCounted,
        only_asks=True,
    ),
    ApiRoute(
        method="GET",
        path=SEGMENT,
        needs=Scope.SEGMENTS_READ,
        does=segments.show_segment,
        says="A segment, and how many people it means now",
        answer=segment_shapes.SegmentCounted,
    ),
    ApiRoute(
        method="PUT",
        path=SEGMENT,
        needs=Scope.SEGMENTS_WRITE,
        does=segments.keep_segment,
        says="Save a segment, new or changed",
        body=SegmentDefinition,
        answer=segment_shapes.SegmentCounted,
        act="segments.keep",
    ),
    ApiRoute(
        method="DELETE",
        path=SEGMENT,
        needs=Scope.SEGMENTS_WRITE,
        does=segments.remove_segment,
        says="Remove a segment",
        status=204,
        act="segments.remove",
    ),
    # Imports.
    ApiRoute(
        method="GET",
        path=f"{LIST}/imports",
        needs=Scope.IMPORTS_READ,
        does=imports.list_imports,
        says="A list's imports",
        query=PageAsked,
        answer=import_shapes.ImportPage,
    ),
    ApiRoute(
        method="POST",
        path=f"{LIST}/imports",
        needs=Scope.IMPORTS_WRITE,
        does=imports.import_people,
        says="Import a file of people (200: nothing was written)",
        files=FILES,
        most=LONGEST_FILE,
        query=import_shapes.ImportAsked,
        answer=import_shapes.ImportDone,
        status=201,
        also=(200,),
        act="imports.start",
    ),
    ApiRoute(
        method="GET",
        path=f"{LIST}/imports/{{id:int}}",
        needs=Scope.IMPORTS_READ,
        does=imports.show_import,
        says="An import",
        answer=import_shapes.ImportShown,
    ),
    ApiRoute(
        method="POST",
        path=f"{LIST}/imports/{{id:int}}/undo",
        needs=Scope.IMPORTS_WRITE,
        does=imports.undo_import,
        says="Take an import back",
        answer=import_shapes.ImportUndone,
        act="imports.undo",
    ),
)
