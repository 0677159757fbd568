"""The types that flow through the house: Source → Article → Story → Section → Edition → Delivery."""

from digest.model.accounts.account import (
    Account,
    AccountLink,
    AccountRole,
    LinkPurpose,
    LoginFailure,
    LoginSession,
    RecoveryCode,
)
from digest.model.accounts.roles import Right, Role
from digest.model.alarm import Alarm
from digest.model.audit import AuditEntry, ListCount
from digest.model.editions.alert import Alert, AlertVerdict, AlertWatch
from digest.model.editions.edition import (
    Batch,
    Delivery,
    DeliveryStatus,
    Edition,
    EditionKind,
    EditionState,
    EditionText,
    Erratum,
)
from digest.model.instance import Instance
from digest.model.news.article import Article
from digest.model.news.list_source import ListSource
from digest.model.news.source import Rights, Source, SourceKind
from digest.model.news.story import (
    ArticleRef,
    Correction,
    DataBlock,
    DataRow,
    EditionContent,
    Related,
    Section,
    Story,
    Summary,
    SummarySentence,
)
from digest.model.news.summary import CachedAnswer
from digest.model.pacing import Allowance, ProviderDomain
from digest.model.people.bounce import BounceEvent, BounceScore
from digest.model.people.consent import (
    AddressChange,
    BlockedSignup,
    ConfirmationAllowance,
    ConsentEvent,
    ConsentText,
    ImportRun,
    Signup,
    SignupCount,
    SignupDay,
)
from digest.model.people.custom_fields import CustomField, FieldKind, FieldValue, SubscriberTag
from digest.model.people.segment import (
    CheckedSegment,
    Condition,
    EditionSegment,
    SavedSegment,
    SegmentDefinition,
    SegmentPerson,
)
from digest.model.people.subscriber import (
    AlertChoice,
    AtNight,
    Frequency,
    MailingList,
    Notice,
    OnUnknown,
    SectionSpec,
    Subscriber,
    Subscription,
    SubscriptionState,
)
from digest.model.people.suppression import Suppression, SuppressionReason, SuppressionRemoval
from digest.model.secret import Secret, TakenCall

__all__ = [
    "Account",
    "AccountLink",
    "AccountRole",
    "AddressChange",
    "Alarm",
    "Alert",
    "AlertChoice",
    "AlertVerdict",
    "AlertWatch",
    "Allowance",
    "Article",
    "ArticleRef",
    "AtNight",
    "AuditEntry",
    "Batch",
    "BlockedSignup",
    "BounceEvent",
    "BounceScore",
    "CachedAnswer",
    "CheckedSegment",
    "Condition",
    "ConfirmationAllowance",
    "ConsentEvent",
    "ConsentText",
    "Correction",
    "CustomField",
    "DataBlock",
    "DataRow",
    "Delivery",
    "DeliveryStatus",
    "Edition",
    "EditionContent",
    "EditionKind",
    "EditionSegment",
    "EditionState",
    "EditionText",
    "Erratum",
    "FieldKind",
    "FieldValue",
    "Frequency",
    "ImportRun",
    "Instance",
    "LinkPurpose",
    "ListCount",
    "ListSource",
    "LoginFailure",
    "LoginSession",
    "MailingList",
    "Notice",
    "OnUnknown",
    "ProviderDomain",
    "RecoveryCode",
    "Related",
    "Right",
    "Rights",
    "Role",
    "SavedSegment",
    "Secret",
    "Section",
    "SectionSpec",
    "SegmentDefinition",
    "SegmentPerson",
    "Signup",
    "SignupCount",
    "SignupDay",
    "Source",
    "SourceKind",
    "Story",
    "Subscriber",
    "SubscriberTag",
    "Subscription",
    "SubscriptionState",
    "Summary",
    "SummarySentence",
    "Suppression",
    "SuppressionReason",
    "SuppressionRemoval",
    "TakenCall",
]
