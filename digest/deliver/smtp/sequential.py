"""Send messages command by command, to servers without PIPELINING."""

import asyncio

from aiosmtplib import SMTP, SMTPException, SMTPResponse, SMTPResponseException, SMTPServerDisconnected

from digest.deliver import policy
from digest.deliver.mailer import Job
from digest.deliver.outcome import Kind, Outcome
from digest.deliver.smtp.conversation import Conversation, End, Stage
from digest.deliver.smtp.envelope import Parcel, parcel


class SequentialSession:
    """Speaks for one connection until it is over. Every job it takes is settled or given back."""

    def __init__(self, talk: Conversation, client: SMTP) -> None:
        self.accepted = 0
        self._talk = talk
        self._client = client

    async def run(self) -> End:
        """Send job after job; return why it is over."""
        talk = self._talk
        while talk.taken < talk.most:
            job = talk.line.take()
            if job is None:
                if not await talk.line.filled():
                    return End.DRY
                continue
            made = parcel(job, talk.features)
            if isinstance(made, Outcome):
                talk.intake.settle(job, made)
                continue
            talk.taken += 1
            end = await self._sent(job, made)
            if end is not None:
                return end
        return End.LIMIT

    async def _sent(self, job: Job, made: Parcel) -> End | None:
        on_the_wire = False
        intake = self._talk.intake
        try:
            outcome = await self._refused(made)
            if outcome is None:
                on_the_wire = True
                outcome = await self._body(made.message)
        except (SMTPException, OSError) as error:
            return self._broken(job, error, on_the_wire=on_the_wire)
        except asyncio.CancelledError:
            why = "The sending was stopped."
            intake.settle(job, Outcome(Kind.LOST if on_the_wire else Kind.UNTRIED, None, why))
            self._client.close()
            raise
        intake.settle(job, outcome)
        if outcome.code == 421:
            self._client.close()
            return End.CLOSING
        return None

    async def _refused(self, made: Parcel) -> Outcome | None:
        """Say the commands; None when the server waits for the message now."""
        for command, stage, wanted in (
            (made.mail, Stage.MAIL, range(200, 300)),
            (made.rcpt, Stage.RCPT, range(200, 300)),
            (b"DATA", Stage.DATA, range(354, 355)),
        ):
            seconds = self._talk.timeouts.of(stage)
            reply = await self._client.execute_command(command, timeout=seconds)
            if reply.code not in wanted:
                refused = _judged(reply, stage)
                if reply.code != 421:
                    await self._client.rset(timeout=seconds)
                return refused
        return None

    async def _body(self, message: bytes) -> Outcome:
        # Not by `data()`: that reads the whole message through two regular expressions, and cannot say at which of
        # its two replies a connection broke.
        protocol = self._client.protocol
        if protocol is None:
            raise SMTPServerDisconnected("Connection lost")
        protocol.write(message + b".\r\n")
        reply = await protocol.read_response(timeout=self._talk.timeouts.of(Stage.BODY))
        if 200 <= reply.code < 300:
            self.accepted += 1
            return Outcome(Kind.ACCEPTED, reply.code, reply.message)
        return _judged(reply, Stage.BODY)

    def _broken(self, job: Job, error: Exception, *, on_the_wire: bool) -> End:
        self._client.close()
        silent = isinstance(error, TimeoutError)
        why = (
            f"The connection was lost: {error or ('no answer in time' if silent else type(error).__name__)}."
        )
        if on_the_wire:
            self._talk.intake.settle(job, Outcome(Kind.LOST, None, why[:300]))
        elif silent:
            # Settled, not given back: another try at once would wait as long again.
            self._talk.intake.settle(job, Outcome(Kind.TEMPORARY, None, why[:300]))
        else:
            self._talk.intake.give_back(job, Outcome(Kind.TEMPORARY, None, why[:300]))
        return End.BROKEN


def _judged(reply: SMTPResponse, stage: Stage) -> Outcome:
    if not 400 <= reply.code < 600:
        raise SMTPResponseException(reply.code, f"{reply.code} is no answer to {stage.value.upper()}")
    return Outcome(policy.judge(reply.code, reply.message, stage=stage.value), reply.code, reply.message)
