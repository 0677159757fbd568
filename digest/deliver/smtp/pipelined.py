"""Send messages with pipelining (RFC 2920) or chunking (RFC 3030).

aiosmtplib makes the connection, TLS, EHLO and the login; then the transport is given to a `Session`, and back for QUIT.
With DATA one write holds `[bytes of message n][MAIL, RCPT, DATA of message n + 1]`; with BDAT whole transactions are
written ahead. No future and no task is made per message: replies drive the next write.
"""

import asyncio
from collections import deque
from typing import cast

from digest.deliver import policy
from digest.deliver.outcome import Kind, Outcome
from digest.deliver.smtp.conversation import Conversation, End, Stage, Transaction
from digest.deliver.smtp.envelope import parcel
from digest.deliver.smtp.replies import GarbledReplyError, Replies, Reply

WINDOW = 4
"""Transactions on the wire at once with BDAT; more gave nothing, and more would be in doubt after a break."""


class PipelinedSession(asyncio.Protocol):
    """Speaks for one connection from `start` until `ended` is set. Every job it takes is settled or given back."""

    def __init__(self, talk: Conversation, before: asyncio.BaseProtocol) -> None:
        loop = asyncio.get_running_loop()
        self.ended: asyncio.Future[End] = loop.create_future()
        self.accepted = 0
        self._talk = talk
        self._before = before
        self._loop = loop
        self._replies = Replies()
        self._expected: deque[tuple[Stage, Transaction | None]] = deque()
        self._transport: asyncio.Transport | None = None
        self._deadline = self._rings_at = 0.0
        self._timer: asyncio.TimerHandle | None = None
        self._paused = False
        self._reset = False

    def start(self, transport: asyncio.BaseTransport) -> None:
        """Take over the transport and begin with the first job there is."""
        self._transport = cast("asyncio.Transport", transport)
        self._transport.set_protocol(self)
        self._go_on()

    def give_back(self) -> None:
        """Hand the transport back to the protocol that had it."""
        if self._transport is not None:
            self._transport.set_protocol(self._before)

    def stop(self) -> None:
        """End at once, for a cancelled send: what is on the wire is settled as lost, the rest is given back."""
        self._break("The sending was stopped.")

    # What the transport says.

    def data_received(self, data: bytes) -> None:
        """Read replies; each may settle a job and write the next."""
        try:
            heard = False
            for reply in self._replies.feed(data):
                if self.ended.done():
                    return
                self._answered(reply)
                heard = True
            if heard and self._expected:
                self._wait_for(self._expected[0][0])
        except GarbledReplyError as error:
            self._break(f"The server's answer is no SMTP reply: {error}")

    def eof_received(self) -> bool:
        """Let the transport close."""
        return False

    def connection_lost(self, exc: Exception | None) -> None:
        """Settle or give back what was on its way."""
        self._break(f"The connection was lost: {exc or 'closed by the server'}.")
        self._before.connection_lost(exc)

    def pause_writing(self) -> None:
        """Write nothing ahead until the socket takes more."""
        self._paused = True

    def resume_writing(self) -> None:
        """Write ahead again."""
        self._paused = False
        if self._talk.chunking and not self.ended.done():
            self._go_on()

    # What is said next.

    def _go_on(self) -> None:
        """Write what may be written now; finish when there is nothing more to say."""
        window = WINDOW if self._talk.chunking else 1
        open_now = sum(stage is Stage.BODY for stage, _ in self._expected) if self._talk.chunking else 0
        if not self._talk.chunking and self._expected:
            return
        first = not self._expected
        while open_now < window and not self._paused and (opening := self._opening()):
            self._write(opening, first=first)
            open_now += 1
            first = False
        if self._expected or self.ended.done():
            return
        if self._talk.taken >= self._talk.most:
            self._end(End.LIMIT)
        elif self._talk.line.over:
            self._end(End.DRY)
        else:
            self._rest()

    def _rest(self) -> None:
        # The timer stays: if it rings while nothing is awaited, nothing happens, and a new one for each message would cost more.
        self._talk.line.call_when_filled(self._woken)

    def _woken(self) -> None:
        if not self.ended.done() and not self._expected:
            self._go_on()

    def _opening(self) -> bytes:
        """Take the next job that can be sent and return the commands that open its transaction; empty: none now."""
        talk = self._talk
        while talk.taken < talk.most:
            job = talk.line.take()
            if job is None:
                break
            made = parcel(job, talk.features, stuffing=not talk.chunking)
            if isinstance(made, Outcome):
                talk.intake.settle(job, made)
                continue
            talk.taken += 1
            return self._commands(Transaction(job, made))
        return b""

    def _commands(self, one: Transaction) -> bytes:
        expect = self._expected.append
        start = b""
        if self._reset:
            # A transaction that was refused half way is still open on the server; with BDAT its state is undefined.
            start = b"RSET\r\n"
            expect((Stage.RSET, None))
        expect((Stage.MAIL, one))
        expect((Stage.RCPT, one))
        self._reset = self._talk.chunking
        if not self._talk.chunking:
            expect((Stage.DATA, one))
            return b"%b%b\r\n%b\r\nDATA\r\n" % (start, one.parcel.mail, one.parcel.rcpt)
        expect((Stage.BODY, one))
        one.on_the_wire = True
        made = one.parcel
        commands = b"%b%b\r\n%b\r\nBDAT %d LAST\r\n" % (start, made.mail, made.rcpt, made.size)
        return b"".join((commands, *made.pieces))

    def _write(self, data: bytes, *, first: bool = True) -> None:
        if self._transport is not None:
            if first:
                self._wait_for(self._expected[0][0])
            self._transport.write(data)

    # What the server answered.

    def _answered(self, reply: Reply) -> None:
        if not self._expected:
            if reply.code == 421:
                self._close(reply)
            else:
                self._break(f"An unasked reply: {reply.code}.")
            return
        stage, one = self._expected[0]
        if reply.code < 400 and not (reply.code == 354 if stage is Stage.DATA else reply.code < 300):
            self._break(f"{reply.code} is no answer to {stage.value.upper()}.")
            return
        self._expected.popleft()
        if reply.code == 421:
            self._close(reply, one)
        elif one is not None and stage is Stage.DATA:
            self._after_data(one, reply)
        elif one is not None and stage is Stage.BODY:
            self._after_body(one, reply)
        elif one is not None and one.refused is None and not 200 <= reply.code < 300:
            one.refused = _judged(reply, stage)

    def _after_data(self, one: Transaction, reply: Reply) -> None:
        if reply.code != 354:
            self._reset = True
            self._talk.intake.settle(one.job, one.refused or _judged(reply, Stage.DATA))
            if not self._expected:
                self._go_on()
            return
        if one.refused is None:
            content = one.parcel.pieces
            one.on_the_wire = True
        else:
            content = []  # The server wants a message although nobody is to get it: a lone dot ends it.
        self._expected.append((Stage.BODY, one))
        opening = b"" if self._paused else self._opening()
        self._write(b"".join((*content, b".\r\n", opening)))

    def _after_body(self, one: Transaction, reply: Reply) -> None:
        if one.refused is not None:
            self._talk.intake.settle(one.job, one.refused)
        elif 200 <= reply.code < 300:
            self.accepted += 1
            self._talk.intake.settle(one.job, Outcome(Kind.ACCEPTED, reply.code, reply.text))
        else:
            self._talk.intake.settle(one.job, _judged(reply, Stage.BODY))
        if self._talk.chunking or not self._expected:
            self._go_on()

    # How it ends.

    def _close(self, reply: Reply, one: Transaction | None = None) -> None:
        """The server closes: the job it said so to is settled, all that it did not answer is given back."""
        if one is not None:
            self._talk.intake.settle(one.job, one.refused or _judged(reply, Stage.BODY))
        rest = self._unanswered(but=one)
        self._end(End.CLOSING)
        self._abort()
        for other in rest:
            # The server has said that it reads no further: nothing after this reply was taken.
            self._talk.intake.give_back(other.job, other.refused or _judged(reply, Stage.BODY))

    def _break(self, why: str) -> None:
        if self.ended.done():
            return
        rest = self._unanswered()
        self._end(End.BROKEN)
        self._abort()
        for one in rest:
            if one.refused is not None:
                self._talk.intake.settle(one.job, one.refused)
            elif one.on_the_wire:
                self._talk.intake.settle(one.job, Outcome(Kind.LOST, None, why))
            else:
                self._talk.intake.give_back(one.job, Outcome(Kind.TEMPORARY, None, why))

    def _unanswered(self, but: Transaction | None = None) -> list[Transaction]:
        found = dict.fromkeys(one for _, one in self._expected if one is not None and one is not but)
        self._expected.clear()
        return list(found)

    def _end(self, end: End) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        self._talk.line.forget(self._woken)
        if not self.ended.done():
            self.ended.set_result(end)

    def _abort(self) -> None:
        if self._transport is not None:
            self._transport.abort()

    # How long it may take. One timer a connection, looked at when it rings: setting a deadline costs nothing.

    def _wait_for(self, stage: Stage) -> None:
        deadline = self._deadline = self._loop.time() + self._talk.timeouts.of(stage)
        if self._timer is None or self._rings_at > deadline:
            if self._timer is not None:
                self._timer.cancel()
            self._ring_at(deadline)

    def _ring_at(self, moment: float) -> None:
        self._rings_at = moment
        self._timer = self._loop.call_at(moment, self._rang)

    def _rang(self) -> None:
        self._timer = None
        if not self._expected:
            return
        if self._loop.time() < self._deadline:
            self._ring_at(self._deadline)
            return
        stage, one = self._expected[0]
        why = f"No answer to {stage.value.upper()} for {self._talk.timeouts.of(stage):g} s."
        if one is not None and not one.on_the_wire:
            # Settled, not given back: another try at once would wait as long again.
            self._expected = deque(pair for pair in self._expected if pair[1] is not one)
            self._talk.intake.settle(one.job, one.refused or Outcome(Kind.TEMPORARY, None, why))
        self._break(why)


def _judged(reply: Reply, stage: Stage) -> Outcome:
    return Outcome(policy.judge(reply.code, reply.text, stage=stage.value), reply.code, reply.text)
