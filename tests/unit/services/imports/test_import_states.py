"""What a file says of people's states: read however it is named, the worst of several holds."""

import io

import pytest

from digest.errors import InputError
from digest.services.audience.imports.reading import people_file, person_in
from digest.services.audience.imports.states import FileState, state_of
from tests.unit.services.imports.reading_people import AMAL, BADR, emails, read


def states(content: str | bytes, **wanted: str) -> list[FileState]:
    return [one.state for one in read(content, **wanted)]


STATES = [
    ("uuid,email,name,attributes,status", "x,{},n,{{}},enabled", "x,{},n,{{}},blocklisted", FileState.BLOCKED),
    ("Email,Status", "{},subscribed", "{},unsubscribed", FileState.LEFT),
    ("email,status", "{},1", "{},3", FileState.BOUNCED),
    ("id,email,name,note,subscribed_to_emails", "1,{},n,,true", "1,{},n,,false", FileState.LEFT),
    ("Email,First name,Status", "{},n,active", "{},n,unreachable", FileState.BOUNCED),
    ("EMAIL;FIRSTNAME;EMAIL_BLACKLISTED", "{};n;false", "{};n;true", FileState.BLOCKED),
    ("Email Address,First Name,UNSUB_TIME", "{},n,", "{},n,2024-01-01 10:00:00", FileState.LEFT),
    ("Email Address,First Name,CLEAN_TIME", "{},n,", "{},n,2024-01-01 10:00:00", FileState.BOUNCED),
    ("البريد,الحالة", "{},مشترك", "{},ألغى الاشتراك", FileState.LEFT),
    ("البريد الإلكتروني,حالة الاشتراك", "{},مؤكَّد", "{},غير مشترك", FileState.LEFT),
    ("email,confirmed,blacklisted", "{},1,0", "{},1,1", FileState.BLOCKED),
    ("email,something", "{},subscribed", "{},unsubscribed", FileState.LEFT),
    ("email,name,state,requested_at,confirmed_at,left_at,consent,stopped", "{},n,confirmed,,,,form,",
     "{},n,confirmed,,,,form,no such address: 550", FileState.BOUNCED),
    ("email,name,state,consent,stopped", "{},n,confirmed,form,", "{},n,left,form,complained: spam", FileState.BLOCKED),
    ("email,status", "{},confirmed", "{},pending", FileState.UNCONFIRMED),
    ("email,status", "{},Active", "{},\u200fUnsubscribed\u200f ", FileState.LEFT),
]  # fmt: skip


@pytest.mark.parametrize(("header", "good", "bad", "state"), STATES, ids=[row[0][:30] for row in STATES])
def test_every_column_that_tells_a_state_is_read(header: str, good: str, bad: str, state: FileState):
    body = f"{header}\n{good.format(AMAL)}\n{bad.format(BADR)}\n"
    assert states(body) == [FileState.CONFIRMED, state]


def test_a_state_is_seen_in_a_file_without_a_header():
    assert states(f"{AMAL},Amal,subscribed\n{BADR},Badr,unsubscribed\n") == [
        FileState.CONFIRMED,
        FileState.LEFT,
    ]


@pytest.mark.parametrize("value", ["perhaps", "", "17", "Texas"])
def test_a_state_that_is_not_known_is_refused_with_its_line(value: str):
    found = people_file(io.BytesIO(f"email,status\n{AMAL},{value}\n".encode()))
    ((line, cells),) = found.rows
    assert line == 2
    with pytest.raises(InputError, match="«status»"):
        person_in(cells, found.columns)
    assert emails(f"email,status\n{AMAL},{value}\n", state="-") == [AMAL]


def test_of_several_states_the_worst_holds():
    assert state_of("confirmed, unsubscribed", "status") is FileState.LEFT


@pytest.mark.parametrize(
    ("header", "stays", "goes", "state"),
    [
        ("HasOptedOutOfEmail", "FALSE", "TRUE", FileState.LEFT),
        ("email_disabled", "false", "true", FileState.LEFT),
        ("Suspended", "no", "yes", FileState.LEFT),
        ("DNC", "0", "1", FileState.BLOCKED),
        ("Email Suppressions", "", "bounce", FileState.BLOCKED),
        ("Consent", "yes", "no", FileState.LEFT),
        ("الموافقة", "نعم", "لا", FileState.LEFT),
        ("ملغى", "", "نعم", FileState.LEFT),
    ],
)
def test_other_programs_columns_tell_who_must_not_be_mailed(
    header: str, stays: str, goes: str, state: FileState
):
    body = f"email,{header}\n{AMAL},{stays}\n{BADR},{goes}\n"
    assert states(body) == [FileState.CONFIRMED, state]


def test_evidence_of_a_consent_is_no_state():
    assert states(f"email,consent\n{AMAL},by the form of 2024\n") == [FileState.CONFIRMED]


def test_beside_a_state_a_column_of_times_says_since_when():
    body = f"Subscriber,Name,Status,Subscribed\n{AMAL},A,active,2024-01-01 10:00:00\n{BADR},B,unsubscribed,2024-01-01\n"
    assert states(body) == [FileState.CONFIRMED, FileState.LEFT]
