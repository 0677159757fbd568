"""From a page, or a scraped text, to an article."""

import json
import re
from datetime import datetime
from hashlib import sha256
from typing import Any
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit, urlunsplit

import lxml.html
import trafilatura

from digest.collect import clean as rules
from digest.collect import sections
from digest.errors import SourceError
from digest.model import Article
from digest.text.dates import parse_date
from digest.text.language import detect
from digest.text.normalise import clean, fold
from digest.text.sanitise import inline, safe_url

TRACKING = re.compile(
    r"^(?:utm_\w+|mtm_\w+|fbclid|gclid|dclid|msclkid|igshid|mc_[ce]id|traffic_source|ref|ref_src|cmpid|ocid|at_\w+|xtor|s_cid|smid|ns_\w+)$"
)
MOBILE = re.compile(r"^(?:m|mobile|amp)\.(?=[^.]+\.)")
SITE_TAIL = re.compile(r"\s+[|\-–—»]\s+[^|\-–—»]{2,40}$")
LONGEST_PAGE = 5_000_000


def canonical(url: str | None) -> str | None:
    """Return the one spelling of an article's address: no tracking, no fragment, no AMP or mobile twin."""
    safe = safe_url(url)
    if safe is None:
        return None
    parts = urlsplit(safe)
    host = MOBILE.sub("", (parts.hostname or "").lower())
    port = f":{parts.port}" if parts.port and parts.port not in {80, 443} else ""
    query = urlencode(
        [(key, value) for key, value in parse_qsl(parts.query) if not TRACKING.match(key) and key != "amp"]
    )
    path = re.sub(r"/amp/?$", "", parts.path) or "/"
    # One spelling for Arabic slugs, whether they came percent-encoded or as letters.
    from urllib.parse import quote

    path = quote(unquote(path), safe="/:@!$&'()*+,;=~-._")
    return urlunsplit((parts.scheme, host + port, path, query, ""))


def content_hash(title: str, paragraphs: list[str]) -> str:
    """Return the SHA-256 of the folded title and text, in hex."""
    return sha256(fold(title + "\n" + "\n".join(paragraphs)).encode()).hexdigest()


def extract_text(text: str, *, now: datetime) -> Article:
    """Make an article of a scraped text: the title on the first line, a blank line between paragraphs.

    Raises:
        SourceError: there is no text in it.
    """
    lines = [line for line in (clean(raw) for raw in text.splitlines()) if line]
    if not lines:
        raise SourceError(
            "The text is empty.", remedy="Put the title on the first line and the paragraphs below."
        )
    section, title = rules.split_section(lines[0])
    source = rules.credited(lines[1:])
    return assembled(title, lines[1:], now=now, section=section, source=source or "")


def assembled(
    title: str, lines: list[str], *, now: datetime, section: str | None = None, source: str = ""
) -> Article:
    """Put an article together from its title and lines: noise and the repeated title go, sub-headings are found."""
    marked = rules.is_breaking(title)
    title = rules.unmarked(title)
    same = fold(title)
    body = [line for line in lines if not rules.is_noise(line)]
    while body and fold(body[0]).strip(" .:") in {same, fold(f"عاجل {title}")}:
        body.pop(0)
    headings = [
        line
        for place, line in enumerate(body)
        if rules.is_heading(line, place > 0, place < len(body) - 1) and len(body[place + 1]) > 1.3 * len(line)
    ]
    article = Article(
        title=title,
        section=section,
        section_confidence=1.0 if section else 0.0,
        source_name=source,
        agency=rules.agency("\n".join(body)),
        first_seen_at=now,
        paragraphs=body,
        headings=headings,
        breaking=marked,
        content_hash=content_hash(title, body),
    )
    article.language = detect(" ".join([title, *body])[:3000])
    article.url_key = article.content_hash
    return article


def extract(html: str, *, url: str | None, now: datetime, zone: str = "Asia/Riyadh") -> Article:
    """Make an article of a page.

    Raises:
        SourceError: nothing readable is on it.
    """
    try:
        tree = lxml.html.document_fromstring(
            html[:LONGEST_PAGE].encode("utf-8", "replace"), parser=lxml.html.HTMLParser(encoding="utf-8")
        )
    except (ValueError, lxml.etree.LxmlError) as error:
        raise SourceError("The page holds no HTML.", location=url or "") from error
    linked = _json_ld(tree)
    meta = _meta(tree)
    text = (
        trafilatura.extract(html, url=url, include_comments=False, include_tables=False, favor_recall=False)
        or ""
    )
    lines = [clean(line.lstrip("- ")) for line in text.splitlines() if clean(line)]
    title = inline(
        _first(linked.get("headline"), _heading(tree), meta.get("og:title"), tree.findtext(".//title"))
    )
    title = SITE_TAIL.sub("", title) if not linked.get("headline") else title
    if not title or not lines:
        raise SourceError(
            "No article can be read on the page.", location=url or "", remedy="Is it an article's own page?"
        )
    section, title = rules.split_section(title)
    published = _date(linked, meta, tree, zone, now)
    article = assembled(
        title, lines, now=now, section=section, source=rules.credited(text.splitlines()) or ""
    )
    article.url = canonical(meta.get("canonical") or url)
    article.url_key = article.url or article.content_hash
    article.source_name = article.source_name or clean(str(meta.get("og:site_name") or ""))
    article.published_at = min(published, now) if published else None
    article.section = (
        article.section
        or sections.named(str(meta.get("article:section") or linked.get("articleSection") or ""))
        or (sections.from_url(url) if url else None)
    )
    article.byline = clean(str(meta.get("author") or "")) or None
    article.image_url = safe_url(meta.get("og:image"), url)
    return article


def _first(*values: object) -> str:
    return next((str(value) for value in values if value and str(value).strip()), "")


def _meta(tree: Any) -> dict[str, str]:
    found: dict[str, str] = {}
    for node in tree.iter("meta"):
        key = node.get("property") or node.get("name") or node.get("itemprop")
        if key and node.get("content"):
            found.setdefault(key.lower(), node.get("content").strip())
    for node in tree.iter("link"):
        if (node.get("rel") or "").lower() == "canonical" and node.get("href"):
            found.setdefault("canonical", node.get("href"))
    return found


def _heading(tree: Any) -> str:
    headings = [clean(node.text_content()) for node in tree.iter("h1")]
    return max(
        (one for one in headings if len(one.split()) >= 3 and not rules.is_noise(one)), key=len, default=""
    )


def _json_ld(tree: Any) -> dict[str, Any]:
    for node in tree.xpath('//script[@type="application/ld+json"]'):
        try:
            data = json.loads(node.text or "")
        except ValueError:
            continue
        graph = data.get("@graph", [data]) if isinstance(data, dict) else data
        for item in graph if isinstance(graph, list) else []:
            if isinstance(item, dict) and "Article" in str(item.get("@type", "")):
                return item
    return {}


def _date(
    linked: dict[str, Any], meta: dict[str, str], tree: Any, zone: str, now: datetime
) -> datetime | None:
    for value in (
        linked.get("datePublished"),
        meta.get("article:published_time"),
        meta.get("datepublished"),
        meta.get("pubdate"),
        meta.get("date"),
        *(node.get("datetime") for node in tree.iter("time")),
    ):
        if value and (found := parse_date(str(value), zone=zone, now=now)):
            return found
    return None
