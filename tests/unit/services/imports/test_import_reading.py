"""Files of people as programs write them and as people spoil them."""

import io
import json
import time
import zipfile

import pytest
from openpyxl import Workbook

from digest.errors import InputError
from digest.services.audience.imports.addresses import quoted, unquoted
from digest.services.audience.imports.person import Person
from digest.services.audience.imports.reading import people_file, person_in
from digest.services.audience.imports.states import FileState
from tests.unit.services.imports.reading_people import AMAL, BADR, SALMA, emails, read


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1256"]
)
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_a_file_is_read_in_any_usual_encoding_with_any_line_end_and_separator(
    encoding: str, end: str, separator: str
):
    lines = ["البريد,الاسم", f"{AMAL},أمل", f"{BADR},بدر", ""]
    body = end.join(lines).replace(",", separator).encode(encoding)
    assert [(one.email, one.name) for one in read(body)] == [(AMAL, "أمل"), (BADR, "بدر")]


def test_a_stray_zero_byte_makes_no_other_encoding_of_a_file():
    assert emails(b"a\x00mal@b.co\n") == ["amal@b.co"]
    assert emails("a@b.co\n".encode("utf-16-le")) == ["a@b.co"]


@pytest.mark.parametrize(
    "head",
    [
        "sep=;\n",
        "\n\n \n",
        "قائمة المشتركين\n",
        "Exported by admin@mujaz.example\n\n",
        "List of;people\n;\n",
        "\ufeff\n",
    ],
)
def test_what_stands_above_the_header_is_passed_over(head: str):
    assert emails(f"{head}email;name\n{AMAL};Amal\n{BADR};Badr\n") == [AMAL, BADR]


@pytest.mark.parametrize(
    "header",
    [
        "Email Address,First Name,Last Name",
        "E-mail 1 - Value,Given Name,Family Name",
        "E-mail Address,First Name,Last Name",
        "البريد الإلكتروني,الاسم الأول,اسم العائلة",
        "عنوان البريد,الاسم الاول,اللقب",
        "البـريـد الالكتروني,الإسم الأول,الكنية",
        "\u200fالايميل\u200f,الاسم الأول,اللقب",
        "ایمیل,نام کوچک,نام خانوادگی",
        "EMAIL,FIRSTNAME,LASTNAME",
        "subscriber_email,first_name,last_name",
    ],
)
def test_columns_are_known_by_their_names_in_many_programs_and_tongues(header: str):
    assert read(f"{header}\n{AMAL},Amal,Saleh\n") == [Person(AMAL, "Amal Saleh", FileState.CONFIRMED)]


@pytest.mark.parametrize(
    "header", ["full_name", "Full Name", "الاسم الكامل", "اسم المشترك", "الإسم", "Display Name", "نام"]
)
def test_a_name_has_many_names(header: str):
    assert read(f"email,{header}\n{AMAL},أمل صالح\n")[0].name == "أمل صالح"


@pytest.mark.parametrize(
    "body",
    [
        f'email,name\n{AMAL},"Amal\n{BADR},Badr\n{SALMA},Salma\n',
        f'email,name\n{AMAL},"Amal\n{BADR},Badr\n{SALMA},"Salma"\n',
        f'email\n"{AMAL}\n{BADR}\n{SALMA}"\n',
        f'email,name\n{AMAL},"Amal',
    ],
)
def test_an_unclosed_quote_never_makes_one_person_of_many(body: str):
    with pytest.raises(InputError, match="Line 2: a quote"):
        emails(body)


def test_quoted_line_ends_and_stray_quotes_are_read():
    body = f'note,email,name\n"to call\non Sunday",{AMAL},أمل "أم بدر" صالح\n"two ""words""",{BADR}, "Badr, Omar"\n'
    assert [(one.email, one.name) for one in read(body)] == [
        (AMAL, 'أمل "أم بدر" صالح'),
        (BADR, "Badr, Omar"),
    ]


def test_lines_are_counted_as_an_editor_counts_them():
    found = people_file(io.BytesIO(f'title\n\nemail,note\n{AMAL},"a\nb"\n\nnobody,x\n'.encode()))
    assert [line for line, _ in found.rows] == [4, 7]


def a_workbook(*rows: tuple[object, ...]) -> bytes:
    book = Workbook()
    book.create_sheet("empty", 0)
    for row in rows:
        book.worksheets[1].append(row)
    kept = io.BytesIO()
    book.save(kept)
    return kept.getvalue()


def test_a_workbook_of_excel_is_read():
    body = a_workbook(
        ("المشتركون",), (), ("البريد", "الاسم", "مشترك"), (AMAL, "أمل", True), (BADR, None, False)
    )
    assert read(body) == [Person(AMAL, "أمل", FileState.CONFIRMED), Person(BADR, "", FileState.LEFT)]


def test_json_lines_and_arrays_are_read():
    people = [
        {"email": AMAL, "name": "أمل", "status": "enabled"},
        {"email": BADR, "status": "blocklisted", "n": {}},
    ]
    wanted = [Person(AMAL, "أمل", FileState.CONFIRMED), Person(BADR, "", FileState.BLOCKED)]
    assert read("\n".join(json.dumps(one) for one in people)) == wanted
    assert read(json.dumps(people, indent=1, ensure_ascii=False)) == wanted


def _zip(name: str) -> bytes:
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w") as packed:
        packed.writestr(name, "x")
    return kept.getvalue()


BROKEN = [
    b"", b"\n\n", b"PK\x03\x04" + bytes(range(256)) * 4, a_workbook((AMAL,))[:3000], _zip("a.csv"), _zip("xl/workbook.xml"),
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"x" * 600, b"%PDF-1.7", bytes(range(256)) * 20, b"[{", b"[1, 2", b'{"a": 1}', b"\xff\xfea", b"\xff\xfe\x00",
    "no address here\nnor here\n".encode("utf-16")[:-1], b"sep=;\n", b"a,b,c\n1,2,3\n", b"[" * 100_000, b"{" * 100_000,
]  # fmt: skip


@pytest.mark.red("import-tracebacks")
@pytest.mark.parametrize("body", BROKEN, ids=range(len(BROKEN)))
def test_what_is_no_table_of_people_is_refused_in_a_sentence(body: bytes):
    with pytest.raises(InputError) as refusal:
        emails(body)
    assert len(str(refusal.value)) < 400


@pytest.mark.red("import-tracebacks")
def test_a_file_that_was_cut_or_has_a_huge_cell_is_read_as_far_as_it_goes():
    body = f"email,name\n{AMAL},أمل\n".encode()
    assert emails(body[:-2]) == [AMAL]
    assert emails(f"email,name\n{AMAL},أمل\n".encode("utf-16")[:-1]) == [AMAL]
    found = people_file(io.BytesIO(f"email,name\n{AMAL},{'x' * 200_000}\n{BADR},B\n".encode()))
    (_, huge), (_, after) = found.rows
    with pytest.raises(InputError, match="letters long"):
        person_in(huge, found.columns)
    assert person_in(after, found.columns).email == BADR


def test_a_person_chooses_the_columns():
    body = f"a,b,c\nx,{AMAL},{BADR}\n"
    assert emails(body, email="c") == [BADR]
    assert read(body, email="2", name="a+c")[0] == Person(AMAL, f"x {BADR}", FileState.CONFIRMED)
    with pytest.raises(InputError, match="no column 'd'"):
        emails(body, email="d")


@pytest.mark.red("import-tracebacks")
@pytest.mark.parametrize(
    "text",
    [
        "=1",
        "+9",
        "-x",
        "@amal",
        "\t1",
        "＝1",
        "＋1",
        "－1",
        "＠x",
        "'@amal",
        "''=1",
        "o'neil",
        "'tis",
        "plain",
        "",
    ],
)
def test_an_exported_cell_is_run_by_no_spreadsheet_and_comes_back_the_same(text: str):
    assert not quoted(text).startswith(("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠"))
    assert unquoted(quoted(text)) == text


def test_reading_takes_a_time_in_proportion_to_the_file():
    def seconds(rows: int) -> float:
        body = "email,name,status\n" + "".join(
            f'r{n}@mujaz.example,"Amal, {n}",subscribed\n' for n in range(rows)
        )
        started = time.process_time()
        assert len(emails(body)) == rows
        return time.process_time() - started

    seconds(500)
    assert any(seconds(8000) < 9 * max(seconds(2000), 0.01) for _ in range(8))


@pytest.mark.parametrize(
    "body",
    [
        '{"subscribers": [{"email": "amal@mujaz.example", "name": "Amal"}], "count": 1}',
        '{\n "data": [\n  {"email": "amal@mujaz.example",\n   "name": "Amal"}\n ]\n}\n',
        '{\n "email": "amal@mujaz.example",\n "name": "Amal"\n}\n',
    ],
)
def test_people_in_a_json_object_are_read(body: str):
    assert [(one.email, one.name) for one in read(body)] == [(AMAL, "Amal")]


def test_a_text_that_a_spreadsheet_wrote_as_a_formula_is_that_text():
    assert [(one.email, one.name) for one in read(f'email,name\n="{AMAL}",="Amal"\n')] == [(AMAL, "Amal")]
