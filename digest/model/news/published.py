"""What a list has told its readers already."""

from digest.model.news.story import Value


class PublishedBefore(Value):
    """What earlier editions of a list told: addresses of their articles, their headlines and the sentences of
    their summaries.
    """

    addresses: frozenset[str] = frozenset()
    headlines: frozenset[str] = frozenset()
    sentences: frozenset[str] = frozenset()
