"""Addresses as they were pasted: found when there is one, refused when it is not sure which."""

import pytest

from digest.errors import InputError
from digest.services.audience.imports.addresses import address_in
from digest.services.audience.imports.column_names import role_of
from digest.services.audience.imports.person import Person
from digest.services.audience.imports.states import FileState
from tests.unit.services.imports.reading_people import AMAL, BADR, emails, read


@pytest.mark.parametrize(
    "cell",
    [
        "\u200famal@mujaz.example\u200e", "\u202aamal@mujaz.example\u202c", "\u2066amal@mujaz.example\u2069", "\ufeffamal@mujaz.example",
        "amal\u200c@mujaz.example", "\u00a0amal@mujaz.example\u00a0", "amal\u200b@mujaz.example", "amal＠mujaz.example", "ａｍａｌ＠ｍｕｊａｚ．ｅｘａｍｐｌｅ",
        "mailto:amal@mujaz.example", "MAILTO:amal@mujaz.example?subject=x", "Amal <amal@mujaz.example>", "<amal@mujaz.example>", "amal@mujaz.example (Amal)",
        "amal@mujaz.example.", "amal@mujaz.example؛", "amal@mujaz.example،", "«amal@mujaz.example»", "'amal@mujaz.example'", "AMAL@MUJAZ.EXAMPLE", " amal@mujaz.example;",
    ],
)  # fmt: skip
def test_an_address_is_found_however_it_was_pasted(cell: str):
    assert address_in(cell)[0] == AMAL


def test_the_name_beside_an_address_is_taken():
    assert read('email\n"صالح، أمل <amal@mujaz.example>"\n')[0] == Person(
        AMAL, "صالح، أمل", FileState.CONFIRMED
    )


@pytest.mark.parametrize(
    "cell",
    [
        f"{AMAL} {BADR}",
        f"{AMAL};{BADR}",
        f"{AMAL},{BADR}",
        "amal",
        "",
        "a@b@c",
        "x" * 200_000,
        "@",
        f"{'a' * 400}@mujaz.example",
    ],
)
def test_a_cell_without_one_address_is_refused_in_a_short_sentence(cell: str):
    with pytest.raises(InputError) as refusal:
        address_in(cell)
    assert 10 < len(str(refusal.value)) < 300


def test_an_address_in_a_column_of_postal_addresses_is_not_looked_for():
    assert role_of("Address") == "maybe"
    assert emails(f"Email Address,Address\n{AMAL},Riyadh\n") == [AMAL]


@pytest.mark.parametrize("row", [f"{AMAL}; {BADR}", f"{AMAL}, {BADR}"])
def test_a_second_address_in_a_row_is_never_dropped_in_silence(row: str):
    with pytest.raises(InputError, match="badr"):
        read(f"email\n{row}\n")
