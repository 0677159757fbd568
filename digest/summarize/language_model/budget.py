"""How much one edition may cost: seconds, tokens, money, and patience with a server that fails."""

from collections.abc import Callable
from dataclasses import dataclass, field

# After so many failures one after the other the rest of the edition is not asked about: a dead server would
# cost its time-out a story.
MOST_FAILURES = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class SummaryBudget:
    """What an edition may use. Prices are per million tokens, in the currency of `money`."""

    seconds: float = 300
    tokens: int = 100_000
    money: float = 1.0
    price_in: float = 0.0
    price_out: float = 0.0


@dataclass(slots=True)
class Spent:
    """What one edition has used so far. Counts as it goes; not shared between editions."""

    limits: SummaryBudget
    monotonic: Callable[[], float]
    started: float | None = None
    tokens: int = 0
    money: float = 0.0
    failures: int = 0
    last_failure: str = field(default="")

    def refusal(self, question_tokens: int, answer_tokens: int) -> str:
        """Say why one more question may not be asked, "" when it may. The first question starts the time."""
        if self.started is None:
            self.started = self.monotonic()
        if self.failures >= MOST_FAILURES:
            return f"the server failed {self.failures} times in a row ({self.last_failure})"
        if self.seconds_left() <= 0:
            return f"the edition's {self.limits.seconds:g} seconds are used up"
        if self.tokens + question_tokens + answer_tokens > self.limits.tokens:
            return f"the edition's {self.limits.tokens} tokens are used up"
        if self.money + self._price(question_tokens, answer_tokens) > self.limits.money:
            return f"the edition's budget of {self.limits.money:g} is used up"
        return ""

    def seconds_left(self) -> float:
        """Return how long the edition may still take."""
        used = 0.0 if self.started is None else self.monotonic() - self.started
        return self.limits.seconds - used

    def count(self, question_tokens: int, answer_tokens: int) -> None:
        """Record what a question and its answer took."""
        self.tokens += question_tokens + answer_tokens
        self.money += self._price(question_tokens, answer_tokens)

    def failed(self, reason: str) -> None:
        """Record that the server gave no usable reply."""
        self.failures += 1
        self.last_failure = reason

    def worked(self) -> None:
        """Record that the server replied."""
        self.failures = 0

    def _price(self, question_tokens: int, answer_tokens: int) -> float:
        return (question_tokens * self.limits.price_in + answer_tokens * self.limits.price_out) / 1_000_000
