"""Replies, whole or in pieces."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.deliver.smtp.replies import GarbledReplyError, Replies

STREAM = b"250 2.1.0 Ok\r\n250-first\r\n250-second\r\n250 last\r\n354\r\n550 5.1.1 \xd9\x84\xd8\xa7\r\n"
READ = [(250, "2.1.0 Ok"), (250, "first second last"), (354, ""), (550, "5.1.1 لا")]


def read(*pieces: bytes) -> list[tuple[int, str]]:
    replies = Replies()
    return [(reply.code, reply.text) for piece in pieces for reply in replies.feed(piece)]


def test_several_replies_in_one_piece_come_in_order() -> None:
    assert read(STREAM) == READ


@given(st.lists(st.integers(min_value=0, max_value=len(STREAM)), max_size=8))
def test_it_does_not_matter_where_the_stream_is_cut(cuts: list[int]) -> None:
    places = [0, *sorted(cuts), len(STREAM)]
    assert read(*(STREAM[a:b] for a, b in itertools.pairwise(places))) == READ


@pytest.mark.parametrize(
    "garbage",
    [
        b"hello\r\n",
        b"\r\n",
        b"25\r\n",
        b"150 too low\r\n",
        b"650 too high\r\n",
        b"250x\r\n",
        b"\xff\xfe\x00\r\n",
        b"250-one\r\n550 other\r\n",
        b"x" * 9000,
        b"250-and on\r\n" * 6000,
        "٢٥٠ لا\r\n".encode(),
    ],
)
def test_what_is_no_reply_is_said_to_be_none(garbage: bytes) -> None:
    with pytest.raises(GarbledReplyError):
        read(garbage)


def test_replies_before_the_garbage_are_not_lost() -> None:
    stream = Replies().feed(b"250 Ok\r\nnonsense\r\n")
    assert next(stream).code == 250
    with pytest.raises(GarbledReplyError):
        next(stream)


def test_bytes_that_are_no_utf8_do_no_harm() -> None:
    assert read(b"550 \xff\r\n") == [(550, "\ufffd")]


def test_a_line_that_was_a_reply_before_may_end_one_of_several_lines():
    replies = Replies()
    found = list(replies.feed(b"250 Ok\r\n250-one\r\n250 Ok\r\n250 Ok\r\n354 Ok\r\n"))
    assert [(reply.code, reply.text) for reply in found] == [
        (250, "Ok"),
        (250, "one Ok"),
        (250, "Ok"),
        (354, "Ok"),
    ]


def test_replies_that_are_never_alike_are_not_kept_for_ever():
    replies = Replies()
    for number in range(1000):
        (reply,) = replies.feed(b"250 queued as %d\r\n" % number)
        assert reply.text == f"queued as {number}"
    assert len(replies._known) <= 32
