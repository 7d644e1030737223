"""A web page: its article's text, and what the page says about itself.

In: HTML as a string. Out: text, title, author, publisher, times of publication and change, language, address.
Must not know files or documents. The only door to trafilatura and lxml, which are loaded when a page is read.
"""

from __future__ import annotations

import html as entities
import json
import logging
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from communique.press import language_code
from communique.press import published as read_published

LONGEST_PAGE = 20_000_000
"""Characters of a page that are parsed; no article is longer."""

SHORTEST_ARTICLE = 6
"""Words that one line must have; without such a line a page holds menus and links, not an article."""

_DECLARATION = re.compile(r"^\s*<\?xml[^>]{0,200}\?>")
_ARTICLES = re.compile(r"Article|Posting|Report$|WebPage|Statement|PressRelease", re.IGNORECASE)
_PUBLISHED = (
    "article:published_time", "og:published_time", "datepublished", "article:published", "parsely-pub-date",
    "sailthru.date", "dc.date.issued", "dcterms.issued", "dcterms.created", "dc.date", "dcterms.date", "publish-date",
    "publication_date", "pubdate", "date",
)  # fmt: skip
_MODIFIED = (
    "article:modified_time", "og:updated_time", "datemodified", "article:modified", "dcterms.modified",
    "dc.date.modified", "last-modified",
)  # fmt: skip
_AUTHORS = ("author", "article:author", "parsely-author", "dc.creator", "dcterms.creator", "sailthru.author")
_PUBLISHERS = ("og:site_name", "publisher", "dc.publisher", "dcterms.publisher", "application-name")
_TITLES = ("og:title", "dc.title", "dcterms.title", "twitter:title")
_DEEPEST = 12


@dataclass(frozen=True, slots=True)
class Page:
    """What a page holds; every field but `text` may be unknown."""

    text: str
    title: str | None = None
    author: str | None = None
    publisher: str | None = None
    published: str | None = None
    modified: str | None = None
    language: str | None = None
    url: str | None = None


def read_page(html: str) -> Page:
    """Read a page; its text is empty when there is no article on it.

    Times are taken from JSON-LD, then from meta tags, then from `<time>`: only what the page states, with the zone
    it states; a guess from running text is no day of publication.
    """
    tree = _tree(html)
    if tree is None:
        return Page("")
    metas, linked = _metas(tree), list(_linked(tree))
    text = _article(tree)
    title = _title(tree, metas, linked, text)
    return Page(
        text=text[len(title) :].lstrip("\n") if title and text.startswith(f"{title}\n") else text,
        title=title,
        author=_first([_names(item.get("author")) for item in linked], _author(metas), _rel_author(tree)),
        publisher=_first([_names(item.get("publisher")) for item in linked], _from(metas, _PUBLISHERS)),
        published=_day(_values(linked, "datePublished"), _from(metas, _PUBLISHED), _times(tree, "datePublished")),
        modified=_day(_values(linked, "dateModified"), _from(metas, _MODIFIED), _times(tree, "dateModified")),
        language=_language(tree, metas, linked),
        url=_first(tree.xpath("//link[@rel='canonical']/@href"), _from(metas, ("og:url",))),
    )


def _tree(html: str) -> Any:
    """The parsed page, or None for what is none."""
    from lxml import etree  # type: ignore[import-untyped]
    from lxml.html import HTMLParser, document_fromstring  # type: ignore[import-untyped]

    try:
        parser = HTMLParser(remove_comments=True, remove_pis=True)
        return document_fromstring(_DECLARATION.sub("", html[:LONGEST_PAGE]), parser=parser)
    except (etree.LxmlError, ValueError, AssertionError):
        return None


def _article(tree: Any) -> str:
    """The text of the article, paragraphs on lines of their own; trafilatura changes the tree, so it gets a copy."""
    from copy import deepcopy

    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)
    from trafilatura import extract

    try:
        text = extract(deepcopy(tree), include_comments=False, include_tables=True) or ""
    except Exception:  # whatever a stranger's page does to the extractor, the other items are still read
        return ""
    return text if any(len(line.split()) >= SHORTEST_ARTICLE for line in text.split("\n")) else ""


def _metas(tree: Any) -> dict[str, list[str]]:
    """Contents of the meta tags by lower-case name."""
    found: dict[str, list[str]] = {}
    for element in tree.iter("meta"):
        content = (element.get("content") or "").strip()
        for key in ("property", "name", "itemprop", "http-equiv"):
            if content and element.get(key):
                found.setdefault(element.get(key).strip().casefold(), []).append(content)
    return found


def _from(metas: dict[str, list[str]], names: Iterable[str]) -> list[str]:
    return [content for name in names for content in metas.get(name, ())]


def _linked(tree: Any) -> Iterator[dict[str, Any]]:
    """The JSON-LD objects that describe an article, most telling first."""
    objects: list[dict[str, Any]] = []
    for element in tree.iter("script"):
        if (element.get("type") or "").split(";")[0].strip().casefold() == "application/ld+json":
            objects.extend(_objects(_json(element.text or ""), 0))
    articles = [item for item in objects if _ARTICLES.search(str(item.get("@type", "")))]
    return iter(sorted(articles, key=lambda item: "page" in str(item.get("@type", "")).casefold()))


def _json(text: str) -> Any:
    try:
        return json.loads(text.strip().removeprefix("<!--").removesuffix("-->"), strict=False)
    except (ValueError, RecursionError):
        return None


def _objects(value: Any, depth: int) -> Iterator[dict[str, Any]]:
    if depth > _DEEPEST:
        return
    if isinstance(value, dict):
        yield value
        for key in ("@graph", "mainEntity", "mainEntityOfPage"):
            yield from _objects(value.get(key), depth + 1)
    elif isinstance(value, list):
        for item in value:
            yield from _objects(item, depth + 1)


def _names(value: Any) -> str | None:
    """The name or names in a JSON-LD author or publisher."""
    if isinstance(value, str):
        return None if value.startswith("http") else _clean(value)
    if isinstance(value, dict):
        return _names(value.get("name"))
    if isinstance(value, list):
        return ", ".join(dict.fromkeys(filter(None, map(_names, value[:20])))) or None
    return None


def _values(linked: list[dict[str, Any]], key: str) -> list[Any]:
    return [item.get(key) for item in linked]


def _clean(text: str) -> str | None:
    return " ".join(entities.unescape(text).split()) or None


def _author(metas: dict[str, list[str]]) -> list[str]:
    return [name for name in _from(metas, _AUTHORS) if not name.startswith(("http", "@"))]


def _rel_author(tree: Any) -> list[str]:
    elements = tree.xpath("//*[@rel='author' or @itemprop='author']")[:3]
    return [text for text in (element.text_content() for element in elements) if text and len(text.split()) <= 8]


def _first(*candidates: Iterable[str | None]) -> str | None:
    """The first candidate that says anything."""
    for group in candidates:
        for candidate in group:
            cleaned = _clean(candidate) if isinstance(candidate, str) else None
            if cleaned:
                return cleaned
    return None


def _day(*candidates: Iterable[Any]) -> str | None:
    """The first candidate that is a day, in ISO 8601."""
    for group in candidates:
        for candidate in group:
            found = read_published(candidate) if isinstance(candidate, str) else None
            if found:
                return found
    return None


def _times(tree: Any, prop: str) -> list[str]:
    """`<time datetime>` marked with the property; for publication also the first one in the article's head."""
    marked: list[str] = tree.xpath("//*[@itemprop=$prop]/@datetime | //*[@itemprop=$prop]/@content", prop=prop)
    if prop == "datePublished":
        marked += tree.xpath("//time[@pubdate]/@datetime") + tree.xpath("//article//time/@datetime")[:1]
        marked += tree.xpath("//main//time/@datetime")[:1] + tree.xpath("//header//time/@datetime")[:1]
        alone = tree.xpath("//time/@datetime")
        marked += alone if len(alone) == 1 else []
    return marked


def _title(tree: Any, metas: dict[str, list[str]], linked: list[dict[str, Any]], text: str) -> str | None:
    """The headline; of several, the one the article's text begins with."""
    headings = [element.text_content() for element in tree.xpath("//article//h1 | //main//h1 | //h1")[:5]]
    candidates = [
        *(item.get("headline") for item in linked),
        *_from(metas, _TITLES),
        *(headings if len(set(headings)) == 1 else []),
        *(element.text_content() for element in tree.xpath("//head/title")[:1]),
    ]
    known = [cleaned for cleaned in (_clean(item) for item in candidates if isinstance(item, str)) if cleaned]
    first = text.split("\n", 1)[0].strip()
    return next((title for title in [*known, *map(_clean, headings)] if title == first), known[0] if known else None)


def _language(tree: Any, metas: dict[str, list[str]], linked: list[dict[str, Any]]) -> str | None:
    """The declared language's code."""
    declared = [
        *tree.xpath("/html/@lang | /html/@xml:lang"),
        *(item.get("inLanguage") for item in linked),
        *_from(metas, ("og:locale", "content-language", "language", "dc.language")),
    ]
    codes = (language_code(value) for value in declared if isinstance(value, str))
    return next(filter(None, codes), None)
