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
from digest.model.counts import ChoiceCount, DayCount, DomainCount, GuideStep
from digest.model.editions.alert import Alert, AlertVerdict, AlertWatch
from digest.model.editions.approval_mail import ApprovalMail, ApprovalMailKind
from digest.model.editions.click import ClickCount
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
from digest.model.news.edit import Edit, EditionEdit, EditKind
from digest.model.news.list_source import ListSource
from digest.model.news.source import Rights, Source, SourceKind
from digest.model.news.story import (
    ArticleRef,
    Correction,
    DataBlock,
    DataRow,
    EditionContent,
    EditionOpening,
    OpeningSentence,
    OriginalWords,
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
from digest.model.people.search import PersonWord, UnindexedPerson
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
    Approval,
    AtNight,
    Frequency,
    MailingList,
    Notice,
    NoticeKind,
    OnUnknown,
    SectionSpec,
    Subscriber,
    Subscription,
    SubscriptionState,
    WithoutApproval,
)
from digest.model.people.suppression import Suppression, SuppressionReason, SuppressionRemoval
from digest.model.people.upload import ListLogo, PeopleUpload, UploadState
from digest.model.programs.api_key import ApiKey, KeptAnswer
from digest.model.programs.channel import Channel, ChannelKind, ChannelPost, PostState
from digest.model.programs.scopes import Scope
from digest.model.programs.webhook import Webhook, WebhookEvent, WebhookMessage
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
    "ApiKey",
    "Approval",
    "ApprovalMail",
    "ApprovalMailKind",
    "Article",
    "ArticleRef",
    "AtNight",
    "AuditEntry",
    "Batch",
    "BlockedSignup",
    "BounceEvent",
    "BounceScore",
    "CachedAnswer",
    "Channel",
    "ChannelKind",
    "ChannelPost",
    "CheckedSegment",
    "ChoiceCount",
    "ClickCount",
    "Condition",
    "ConfirmationAllowance",
    "ConsentEvent",
    "ConsentText",
    "Correction",
    "CustomField",
    "DataBlock",
    "DataRow",
    "DayCount",
    "Delivery",
    "DeliveryStatus",
    "DomainCount",
    "Edit",
    "EditKind",
    "Edition",
    "EditionContent",
    "EditionEdit",
    "EditionKind",
    "EditionOpening",
    "EditionSegment",
    "EditionState",
    "EditionText",
    "Erratum",
    "FieldKind",
    "FieldValue",
    "Frequency",
    "GuideStep",
    "ImportRun",
    "Instance",
    "KeptAnswer",
    "LinkPurpose",
    "ListCount",
    "ListLogo",
    "ListSource",
    "LoginFailure",
    "LoginSession",
    "MailingList",
    "Notice",
    "NoticeKind",
    "OnUnknown",
    "OpeningSentence",
    "OriginalWords",
    "PeopleUpload",
    "PersonWord",
    "PostState",
    "ProviderDomain",
    "RecoveryCode",
    "Related",
    "Right",
    "Rights",
    "Role",
    "SavedSegment",
    "Scope",
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
    "UnindexedPerson",
    "UploadState",
    "Webhook",
    "WebhookEvent",
    "WebhookMessage",
    "WithoutApproval",
]
