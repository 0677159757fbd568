"""The types that flow through the house: Source → Article → Story → Section → Edition → Delivery."""

from digest.model.article import Article
from digest.model.audience import (
    Frequency,
    MailingList,
    Notice,
    OnUnknown,
    SectionSpec,
    Subscriber,
    Subscription,
    SubscriptionState,
    Suppression,
)
from digest.model.edition import Batch, Delivery, DeliveryStatus, Edition, EditionKind, EditionState
from digest.model.secret import Secret
from digest.model.source import Rights, Source, SourceKind
from digest.model.story import ArticleRef, EditionContent, Section, Story, Summary, SummarySentence

__all__ = [
    "Article",
    "ArticleRef",
    "Batch",
    "Delivery",
    "DeliveryStatus",
    "Edition",
    "EditionContent",
    "EditionKind",
    "EditionState",
    "Frequency",
    "MailingList",
    "Notice",
    "OnUnknown",
    "Rights",
    "Secret",
    "Section",
    "SectionSpec",
    "Source",
    "SourceKind",
    "Story",
    "Subscriber",
    "Subscription",
    "SubscriptionState",
    "Summary",
    "SummarySentence",
    "Suppression",
]
