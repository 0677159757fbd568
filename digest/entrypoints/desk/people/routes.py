"""Addresses of the people's pages, each with what it needs."""

from digest.entrypoints.desk.people import (
    acts,
    finding_page,
    imports_page,
    person_page,
    returned_page,
    segments_page,
    suppressions_page,
)
from digest.entrypoints.desk.table import DeskRoute
from digest.model import Right

PEOPLE = "/desk/lists/{slug}/people"
PERSON = f"{PEOPLE}/{{id:int}}"
IMPORTS = f"{PEOPLE}/imports"
UPLOAD = f"{IMPORTS}/{{id:int}}"
SEGMENTS = "/desk/lists/{slug}/segments"
SUPPRESSIONS = "/desk/suppressions"

PEOPLE_ROUTES: tuple[DeskRoute, ...] = (
    DeskRoute(path="/desk/people", needs=Right.PEOPLE, get=finding_page.house_page),
    DeskRoute(
        path="/desk/people/{id:int}/enable",
        needs=Right.PEOPLE,
        over_all_lists=True,
        post=person_page.enable,
        act="people.enable",
    ),
    DeskRoute(
        path="/desk/people/{id:int}/forget",
        needs=Right.PEOPLE,
        over_all_lists=True,
        post=person_page.forget,
        act="people.forget",
    ),
    DeskRoute(path=PEOPLE, needs=Right.PEOPLE, get=finding_page.list_page),
    DeskRoute(path=f"{PEOPLE}/add", needs=Right.PEOPLE, post=finding_page.add, act="people.add"),
    DeskRoute(path=f"{PEOPLE}/acts", needs=Right.PEOPLE, post=acts.act, act="people.many"),
    DeskRoute(path=f"{PEOPLE}/export", needs=Right.PEOPLE, post=acts.export, act="people.export"),
    DeskRoute(path=f"{PEOPLE}/bounces", needs=Right.PEOPLE, get=returned_page.bounces_page),
    DeskRoute(path=f"{PEOPLE}/complaints", needs=Right.PEOPLE, get=returned_page.complaints_page),
    DeskRoute(path=PERSON, needs=Right.PEOPLE, get=person_page.person_page),
    DeskRoute(path=f"{PERSON}/choices", needs=Right.PEOPLE, post=person_page.choose, act="people.choices"),
    DeskRoute(path=f"{PERSON}/details", needs=Right.PEOPLE, post=person_page.describe, act="people.details"),
    DeskRoute(path=f"{PERSON}/remove", needs=Right.PEOPLE, post=person_page.remove, act="people.remove"),
    DeskRoute(path=IMPORTS, needs=Right.PEOPLE, get=imports_page.imports_page),
    DeskRoute(
        path="/desk/uploads/people/{slug}",
        needs=Right.PEOPLE,
        post=imports_page.hand_in,
        act="people.upload",
        takes_file=True,
    ),
    DeskRoute(path=UPLOAD, needs=Right.PEOPLE, get=imports_page.upload_page),
    DeskRoute(path=f"{UPLOAD}/try", needs=Right.PEOPLE, post=imports_page.try_it, act="people.import.try"),
    DeskRoute(path=f"{UPLOAD}/run", needs=Right.PEOPLE, post=imports_page.run, act="people.import"),
    DeskRoute(path=f"{UPLOAD}/drop", needs=Right.PEOPLE, post=imports_page.drop, act="people.upload.drop"),
    DeskRoute(path=f"{UPLOAD}/refused.csv", needs=Right.PEOPLE, get=imports_page.refused_csv),
    DeskRoute(
        path=f"{IMPORTS}/runs/{{id:int}}/undo",
        needs=Right.PEOPLE,
        post=imports_page.undo,
        act="people.import.undo",
    ),
    DeskRoute(
        path=SEGMENTS,
        needs=Right.PEOPLE,
        get=segments_page.segments_page,
        post=segments_page.keep,
        act="segments.keep",
    ),
    DeskRoute(path=f"{SEGMENTS}/build", needs=Right.PEOPLE, get=segments_page.build_page),
    DeskRoute(
        path=f"{SEGMENTS}/remove", needs=Right.PEOPLE, post=segments_page.remove, act="segments.remove"
    ),
    DeskRoute(
        path=SUPPRESSIONS, needs=Right.PEOPLE, over_all_lists=True, get=suppressions_page.suppressions_page
    ),
    DeskRoute(
        path=f"{SUPPRESSIONS}/add",
        needs=Right.PEOPLE,
        over_all_lists=True,
        post=suppressions_page.add,
        act="suppressions.add",
    ),
    DeskRoute(
        path=f"{SUPPRESSIONS}/remove",
        needs=Right.PEOPLE,
        over_all_lists=True,
        post=suppressions_page.remove,
        act="suppressions.remove",
    ),
    DeskRoute(
        path="/desk/uploads/suppressions",
        needs=Right.PEOPLE,
        over_all_lists=True,
        post=suppressions_page.take_list,
        act="suppressions.import",
        takes_file=True,
    ),
)
