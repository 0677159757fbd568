"""What a program's key may do. Pure: a key holds scopes, and nothing else lets it in."""

from collections.abc import Collection
from enum import StrEnum


class Scope(StrEnum):
    """What a route of the JSON interface asks for."""

    LISTS_READ = "lists:read"
    LISTS_WRITE = "lists:write"
    SUBSCRIBERS_READ = "subscribers:read"
    SUBSCRIBERS_WRITE = "subscribers:write"
    SEGMENTS_READ = "segments:read"
    SEGMENTS_WRITE = "segments:write"
    IMPORTS_READ = "imports:read"
    IMPORTS_WRITE = "imports:write"
    SUPPRESSION_READ = "suppression:read"
    SUPPRESSION_WRITE = "suppression:write"
    SOURCES_READ = "sources:read"
    SOURCES_WRITE = "sources:write"
    EDITIONS_READ = "editions:read"
    EDITIONS_EDIT = "editions:edit"
    EDITIONS_SEND = "editions:send"
    ALERTS_READ = "alerts:read"
    AUDIT_READ = "audit:read"


OF_ALL_LISTS = frozenset(
    {
        Scope.SUPPRESSION_READ,
        Scope.SUPPRESSION_WRITE,
        Scope.SOURCES_READ,
        Scope.SOURCES_WRITE,
        Scope.AUDIT_READ,
    }
)
"""Scopes that mean no list: a key for one list cannot have them."""


def scopes_of(words: Collection[str]) -> frozenset[Scope]:
    """Return those of the words that name scopes; what an older or newer version called so gives nothing."""
    known = set(Scope)
    return frozenset(Scope(one) for one in words if one in known)
