"""What a check finds, and the table of all rules."""

import tomllib
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from importlib.resources import files


class Severity(StrEnum):
    """Whether a reader would see it, or some reader in some client might."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class LintRule:
    """One rule: what must hold, and what to do when it does not."""

    name: str
    severity: Severity
    says: str
    remedy: str


@dataclass(frozen=True, slots=True)
class LintFinding:
    """One place that breaks a rule. `line` counts from 1 in the HTML or text part; None where there is no one
    place.
    """

    rule: LintRule
    detail: str
    line: int | None = None

    def __str__(self) -> str:
        where = f"line {self.line}: " if self.line else ""
        detail = f" ({self.detail})" if self.detail else ""
        return f"{self.rule.severity.value}: {self.rule.name}: {where}{self.rule.says}{detail}. {self.rule.remedy}"


@lru_cache(maxsize=1)
def rules() -> dict[str, LintRule]:
    """Return all rules by name, in the order of rules.toml."""
    raw = tomllib.loads((files("digest.render.checks") / "rules.toml").read_text(encoding="utf-8"))
    return {
        name: LintRule(name, Severity(one.get("severity", "error")), one["says"], one["remedy"])
        for name, one in raw.items()
    }


def found(name: str, detail: str = "", line: int | None = None) -> LintFinding:
    """Return a finding of the rule of that name."""
    return LintFinding(rules()[name], detail[:160], line)
