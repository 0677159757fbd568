"""The one spelling of an article's address."""

import re
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit, urlunsplit

from digest.text.sanitise import safe_url

TRACKING = re.compile(
    r"^(?:utm_\w+|mtm_\w+|pk_\w+|piwik_\w+|hsa_\w+|_hs\w+|fbclid|gclid|gclsrc|dclid|msclkid|yclid|twclid|ttclid|igshid|mc_[ce]id"
    r"|traffic_source|ref|ref_src|ref_url|referrer|cmpid|cmp|ocid|at_\w+|xtor|s_cid|smid|ns_\w+|oly_\w+|wickedid|vero_\w+"
    r"|soc_\w+|spm|share|sharetype|feature|_ga|_gl|__twitter_impression|outputtype)$",
    re.IGNORECASE,
)
MAY_NAME = re.compile(r"^(?:ref|share|feature|cmp|cmpid|spm|ocid|outputtype|xtor|s_cid)$", re.IGNORECASE)
"""Tracking parameters that are the article's own number on other sites."""
NUMBER = re.compile(r"^\d{2,12}$")
ROUTE = re.compile(r"^!?/[^#]")
"""A fragment that is an address within a page of scripts: «#/news/1», «#!/news/1»."""
MOBILE = re.compile(r"^(?:m|mobile|amp|wap)\.(?=[^.]+\.)")
AMP_PATH = re.compile(r"/amp/?$|(?<=\.)amp(?=\.html$)")
AMP_QUERY = frozenset({"amp", "amphtml"})
CACHE = re.compile(r"^[a-z0-9-]+\.cdn\.ampproject\.org$")
PLAIN = re.compile(r"^https?://(?!m\.|mobile\.|amp\.|wap\.)[a-z0-9.-]+/[A-Za-z0-9/._~-]*$")
MOST_LAYERS = 5
SAFE = "/:@!$&'()*+,;=~-._"


def own_address(url: str | None) -> str | None:
    """Return an article's address with the fragment and the parameters that may tell it from others of its
    page.
    """
    return canonical(url, whole=True)


def canonical(url: str | None, *, whole: bool = False) -> str | None:
    """Return the one spelling of an article's address, or None when it is no safe web address.

    Gone are tracking parameters (but numbers that may be the article's: ?ref=400), the fragment unless it is
    a route («#/news/1») or the address is wanted whole, the default port, AMP paths and caches, and mobile
    hosts; an Arabic slug is percent-encoded, however it came. The scheme stays.
    """
    if url and len(url) < 500 and PLAIN.match(url) and "/amp" not in url and ".amp" not in url:
        return url
    found = safe_url(url)
    for _ in range(MOST_LAYERS):
        if found is None:
            return None
        again = _respelled(found, whole=whole)
        if again == found:
            return found
        found = again
    return None


def _respelled(url: str, *, whole: bool) -> str | None:
    """One layer of the way to the one spelling: an AMP cache may hold another's address, a host be mobile
    twice.
    """
    parts = urlsplit(url)
    host = (parts.hostname or "").lower()
    path = parts.path
    if CACHE.match(host) and (inner := re.match(r"^/[cv]/s/([^/]+)(/.*)?$", path)):
        host, path = inner[1].lower(), inner[2] or "/"
    host = MOBILE.sub("", host)
    host = f"[{host}]" if ":" in host else host
    port = f":{parts.port}" if parts.port and parts.port not in {80, 443} else ""
    query = urlencode(
        [
            (key, value)
            for key, value in parse_qsl(parts.query, keep_blank_values=True)
            if not _is_tracking(key, value, whole=whole) and key.lower() not in AMP_QUERY
        ]
    )
    fragment = quote(unquote(parts.fragment), safe=SAFE) if whole or ROUTE.match(parts.fragment) else ""
    path = AMP_PATH.sub("", path).replace("..html", ".html") or "/"
    # Safe again: what stood in a path is a host now, and an Arabic address has grown.
    return safe_url(urlunsplit((parts.scheme, host + port, quote(unquote(path), safe=SAFE), query, fragment)))


def _is_tracking(key: str, value: str, *, whole: bool) -> bool:
    if not TRACKING.match(key):
        return False
    return not (MAY_NAME.match(key) and (whole or NUMBER.match(value)))
