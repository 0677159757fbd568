"""The table of how an edition's state may change, and the SQL that repeats it."""

import ast
from collections.abc import Iterator
from itertools import product
from pathlib import Path

import pytest
from sqlmodel import col, select

from digest.errors import InputError
from digest.model import Edition, EditionState
from digest.model.editions.edition_moves import PAST, RULES, Move, state_after, why_not
from digest.storage.audience import lists
from digest.storage.database.engine import Database
from digest.storage.editions.states import move_one, moving, open_to
from tests.builders import NOW, a_list, an_edition

ROOT = Path(__file__).parents[3]
S = EditionState
WAYS = {
    Move.COMPOSE: {S.DRAFT: S.DRAFT, S.HELD: S.HELD},
    Move.APPROVE: {S.DRAFT: S.APPROVED, S.HELD: S.APPROVED},
    Move.ASK: {S.HELD: S.DRAFT},
    Move.STOP: {S.APPROVED: S.DRAFT},
    Move.PUT_OFF: {S.DRAFT: S.DRAFT, S.APPROVED: S.APPROVED},
    Move.START: {S.APPROVED: S.SENDING},
    Move.FINISH: {S.SENDING: S.FINISHED},
    Move.PAUSE: {S.SENDING: S.PAUSED},
    Move.RESUME: {S.PAUSED: S.SENDING},
    Move.HOLD: {S.DRAFT: S.HELD, S.APPROVED: S.HELD, S.SENDING: S.HELD},
    Move.SUSPECT: {S.DRAFT: S.HELD, S.APPROVED: S.HELD, S.SENDING: S.HELD, S.PAUSED: S.HELD},
    Move.SETTLE: {S.HELD: S.FINISHED},
    Move.REOPEN: {S.FINISHED: S.SENDING, S.SENDING: S.SENDING, S.PAUSED: S.PAUSED},
    Move.CANCEL: dict.fromkeys((S.DRAFT, S.APPROVED, S.SENDING, S.PAUSED, S.HELD), S.CANCELLED),
}
"""Of editions that have not begun; written down a second time, so that a change of the table is seen."""
BEGUN = {**WAYS, Move.COMPOSE: {S.DRAFT: S.DRAFT}, Move.APPROVE: {S.DRAFT: S.APPROVED}}
BEGUN[Move.STOP] = BEGUN[Move.PUT_OFF] = BEGUN[Move.ASK] = {}
BEGUN[Move.RESUME] = {S.PAUSED: S.SENDING, S.HELD: S.SENDING}


def every() -> Iterator[tuple[EditionState, Move, bool]]:
    yield from product(S, Move, (False, True))


def test_each_state_has_exactly_the_ways_that_it_should_have():
    found = {(state, move, began): state_after(state, move, started=began) for state, move, began in every()}
    wanted = {
        (state, move, began): (BEGUN if began else WAYS)[move].get(state) for state, move, began in every()
    }
    assert found == wanted


def test_a_finished_edition_is_only_reopened_and_a_cancelled_one_stays_so():
    assert {rule.move for rule in RULES if rule.source is S.FINISHED} == {Move.REOPEN}
    assert not [rule for rule in RULES if rule.source is S.CANCELLED]


def test_every_refusal_is_a_sentence():
    for state, move in product(S, Move):
        assert why_not(state, move).endswith(PAST[move])


async def test_the_sql_of_each_move_says_what_the_table_says(database: Database):
    async with database.begin() as session:
        mailing_list = await lists.add(session, a_list())
        made = {
            (state, began): an_edition(
                mailing_list.id,
                state=state,
                number=number,
                topic=str(number),
                started_at=NOW if began else None,
            )
            for number, (state, began) in enumerate(product(S, (False, True)), 1)
        }
        session.add_all(made.values())
        await session.flush()
        for move in Move:
            found = set((await session.exec(select(Edition.id).where(open_to(move)))).all())
            wanted = {
                edition.id
                for (state, began), edition in made.items()
                if state_after(state, move, started=began) is not None
            }
            assert found == wanted, move


@pytest.mark.parametrize("move", Move)
async def test_a_move_brings_all_editions_where_the_table_says(database: Database, move: Move):
    async with database.begin() as session:
        mailing_list = await lists.add(session, a_list())
        session.add_all(
            an_edition(mailing_list.id, state=state, number=number, topic=str(number))
            for number, state in enumerate(S, 1)
        )
        await session.flush()
        moved = await session.exec(moving(move, held_reason="told").returning(col(Edition.number)))
        numbers = {row[0] for row in moved.all()}
        after = (await session.exec(select(Edition).execution_options(populate_existing=True))).all()
        for edition, before in zip(sorted(after, key=lambda one: one.number), S, strict=True):
            told = state_after(before, move, started=False)
            assert (edition.number in numbers) == (told is not None)
            assert edition.state is (told or before)


async def test_one_edition_is_moved_or_refused_with_a_true_sentence(database: Database):
    async with database.begin() as session:
        mailing_list = await lists.add(session, a_list())
        edition = an_edition(mailing_list.id, state=S.FINISHED, started_at=NOW)
        session.add(edition)
        await session.flush()
        for move in Move:
            if move is not Move.REOPEN:
                with pytest.raises(InputError, match="Edition 1 is finished: it went out"):
                    await move_one(session, edition.id, move)
        assert (await move_one(session, edition.id, Move.REOPEN)).state is S.SENDING
        with pytest.raises(InputError, match="gone"):
            await move_one(session, 99, Move.PAUSE)


FUNCTIONS = ast.FunctionDef | ast.AsyncFunctionDef
SETTERS = {
    "storage/editions/states.py": ["moving", "take"],  # by the table
    "services/desk/demo/mail.py": ["_edition"],  # invented history, in a database of its own
}


def sets_a_state(node: ast.AST) -> bool:
    """`edition.state = …`, `update(Edition).values(state=…)` or `Edition(state=…)`."""
    if isinstance(node, ast.Attribute):
        return node.attr == "state" and isinstance(node.ctx, ast.Store)
    if not isinstance(node, ast.Call) or "state" not in {one.arg for one in node.keywords}:
        return False
    called = ast.unparse(node.func)
    return called == "Edition" or (called.startswith("update(Edition)") and called.endswith(".values"))


def test_nothing_else_sets_the_state_of_an_edition():
    found: dict[str, list[str]] = {}
    for path in sorted((ROOT / "digest").rglob("*.py")):
        text = path.read_text(encoding="utf-8")
        if "migrations" in path.parts or "Edition" not in text:
            continue
        functions = [one for one in ast.walk(ast.parse(text)) if isinstance(one, FUNCTIONS)]
        setters = [one.name for one in functions if any(map(sets_a_state, ast.walk(one)))]
        found |= {path.relative_to(ROOT / "digest").as_posix(): setters} if setters else {}
    assert found == SETTERS
