"""People of a file come out sorted, each once, whether they fit into memory or wait in a file."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.services.audience.imports import staging
from digest.services.audience.imports.person import PersonRow
from digest.services.audience.imports.staging import Staging

NAMES = st.sampled_from(["", "أمل", "بدر"])
ROWS = st.tuples(st.text("abé\U0001f600\uffff", max_size=3), NAMES, st.integers(0, 4), NAMES, NAMES, NAMES)


def told(rows: list[PersonRow]) -> list[PersonRow]:
    """The worst state of each address, and of all else what was said first."""
    found: dict[str, list] = {}
    for email, name, state, *more in rows:
        known = found.setdefault(email, [email, "", 0, "", "", ""])
        known[2] = max(known[2], state)
        for at, said in ((1, name), *enumerate(more, 3)):
            known[at] = known[at] or said
    return [tuple(one) for _, one in sorted(found.items(), key=lambda pair: pair[0].encode())]


@pytest.mark.parametrize("in_memory", [4, 7, 1000])
@given(st.lists(ROWS, max_size=60))
def test_each_address_comes_once_in_the_order_of_octets(in_memory: int, rows: list[PersonRow]):
    with pytest.MonkeyPatch.context() as patch, Staging() as kept:
        patch.setattr(staging, "IN_MEMORY", in_memory)
        patch.setattr(staging, "_BLOCK", 2)
        patch.setattr(staging, "CHUNK", 3)
        for one in rows:
            kept.add([one])
        chunks = list(kept.chunks())
    assert [one for chunk in chunks for one in chunk] == told(rows)
    assert all(0 < len(chunk) <= 3 for chunk in chunks)
