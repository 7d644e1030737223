"""RSS, Atom and sitemaps: which articles there are, and what is said about each.

In: the bytes of a feed or sitemap. Out: entries. Must not know how articles are fetched or read.
"""

from __future__ import annotations

import gzip
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import Any
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit, urlunsplit

from communique.intake.xml import XmlError, local, parsed, root_name, text_of
from communique.press import published

FEEDS, SITEMAPS = frozenset(("rss", "feed", "RDF")), frozenset(("urlset", "sitemapindex"))
MOST_ENTRIES = 50_000
"""Of one file, as the sitemaps' protocol has it."""
LONGEST_MAP = 50_000_000
_TRACKING = re.compile(r"(?i)utm_\w+|fbclid|gclid|mc_[ce]id|wt_mc|xtor|cmpid")


@dataclass(frozen=True, slots=True)
class Entry:
    """One article that a feed or sitemap names; `content` is what a feed holds of it, as HTML."""

    url: str
    title: str | None = None
    published: str | None = None
    modified: str | None = None
    author: str | None = None
    publisher: str | None = None
    language: str | None = None
    content: str | None = None

    @property
    def stamp(self) -> str:
        """What tells that the feed says something else of the article than before."""
        return f"{self.modified or self.published or ''} {self.title or ''}"


def kind(head: bytes) -> str | None:
    """What the beginning of a file is: `feed`, `sitemap` or neither."""
    name = root_name(head)
    return "feed" if name in FEEDS else "sitemap" if name in SITEMAPS else None


def plain(data: bytes) -> bytes:
    """A sitemap as XML; it may be kept as .gz. XmlError where it grows too large."""
    if not data.startswith(b"\x1f\x8b"):
        return data
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(data)) as stream:
            out = stream.read(LONGEST_MAP + 1)
    except (OSError, EOFError) as error:
        raise XmlError(f"This is packed, and damaged ({error}).") from error
    if len(out) > LONGEST_MAP:
        raise XmlError(f"Unpacked, this is larger than {LONGEST_MAP:,} bytes.")
    return out


def entries(data: bytes, base: str = "") -> list[Entry]:
    """The articles of a feed, in its order; XmlError for what is none."""
    root = parsed(data)
    if local(root) not in FEEDS:
        raise XmlError("This is no feed.")
    channel = root if local(root) == "feed" else next(root.iterfind("{*}channel"), root)
    outlet, tongue = _text(channel, "title"), _text(channel, "language") or root.get(_LANG)
    found = (_entry(one, base, outlet, tongue) for one in root.iter("{*}item", "{*}entry"))
    return [entry for _, entry in zip(range(MOST_ENTRIES), found, strict=False) if entry.url]


def _entry(one: Any, base: str, outlet: str | None, tongue: str | None) -> Entry:
    return Entry(
        url=clean(urljoin(base, _link(one))),
        title=_text(one, "title"),
        published=_day(one, "pubDate", "published", "date", "issued"),
        modified=_day(one, "updated", "modified"),
        author=_text(one, "creator") or _author(one),
        publisher=outlet,
        language=one.get(_LANG) or tongue,
        content=_content(one),
    )


_LANG = "{http://www.w3.org/XML/1998/namespace}lang"


def _text(one: Any, name: str) -> str | None:
    element = next(one.iterfind(f"{{*}}{name}"), None)
    return (text_of(element) or None) if element is not None else None


def _day(one: Any, *names: str) -> str | None:
    days = (published(text) for name in names if (text := _text(one, name)))
    return next(filter(None, days), None)


def _author(one: Any) -> str | None:
    element = next(one.iterfind("{*}author"), None)
    if element is None:
        return None
    return _text(element, "name") or (text_of(element) or None if not len(element) else None)


def _link(one: Any) -> str:
    """The address of an article: Atom's alternate link, RSS's link, or a guid that is an address."""
    for element in one.iterfind("{*}link"):
        if element.get("href") and element.get("rel", "alternate") == "alternate":
            return str(element.get("href")).strip()
        if (element.text or "").strip():
            return str(element.text).strip()
    guid = _text(one, "guid") or _text(one, "id") or ""
    return guid if guid.startswith(("http://", "https://")) else ""


def _content(one: Any) -> str | None:
    """The longest of what a feed says of an article, as HTML."""
    etree = import_module("lxml.etree")
    said: list[str] = []
    for name in ("encoded", "content", "description", "summary"):
        for element in one.iterfind(f"{{*}}{name}"):
            inner = "".join(etree.tostring(part, encoding="unicode") for part in element)
            said.append(inner or element.text or "")
    return max(said, key=len, default="") or None


def sitemap(data: bytes) -> tuple[list[Entry], list[str]]:
    """The articles that a sitemap names, and the sitemaps; XmlError for what is none."""
    root = parsed(plain(data))
    if local(root) not in SITEMAPS:
        raise XmlError("This is no sitemap.")
    places = [(one, clean(_text(one, "loc") or "")) for one in root][:MOST_ENTRIES]
    maps = [url for one, url in places if local(one) == "sitemap" and url]
    return [_placed(one, url) for one, url in places if local(one) == "url" and url], maps


def _placed(one: Any, url: str) -> Entry:
    news = next(one.iterfind("{*}news"), one)
    outlet = next(news.iterfind("{*}publication"), news)
    return Entry(
        url=url,
        title=_text(news, "title"),
        published=_day(news, "publication_date"),
        modified=_day(one, "lastmod"),
        publisher=_text(outlet, "name"),
        language=_text(outlet, "language"),
    )


def clean(url: str) -> str:
    """An address without what tracks its readers, so that one article has one address.

    >>> clean("https://a.example/x?id=3&utm_source=feed#top")
    'https://a.example/x?id=3'
    """
    try:
        parts = urlsplit(url.strip())
    except ValueError:
        return ""
    if not parts.query:
        return urlunsplit(parts._replace(fragment=""))
    pairs: Sequence[tuple[str, str]] = parse_qsl(parts.query, keep_blank_values=True)
    kept = [(name, value) for name, value in pairs if not _TRACKING.fullmatch(name)]
    query = parts.query if len(kept) == len(pairs) else urlencode(kept)
    return urlunsplit(parts._replace(query=query, fragment=""))


def articles(data: bytes, base: str) -> Iterator[Entry]:
    """The articles of a feed, or of a sitemap that names articles itself."""
    if kind(plain(data)[:4096]) == "sitemap":
        yield from sitemap(data)[0]
    else:
        yield from entries(data, base)
