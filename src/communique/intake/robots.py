"""What a site lets machines do: robots.txt (RFC 9309), TDM reservations (TDMRep), robots metas and headers.

In: the texts that say so. Out: yes or no, and a delay. Must not know how they are fetched.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

LONGEST = 512_000
"""Characters of a robots.txt that are read, as the RFC asks at least."""
MOST_DELAY = 30.0
REFUSALS = frozenset(("noai", "none-ai", "notrain", "noml"))
"""Words in robots metas and headers by which publishers keep their texts from machine analysis."""

_META = re.compile(rb"<meta\b[^>]{0,1000}>", re.IGNORECASE)
_ATTRIBUTE = re.compile(rb"""\b(name|content|property)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>]+))""", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Rules:
    """What one robots.txt says to one agent: (allowed, pattern) in its order, and the delay it asks for."""

    rules: tuple[tuple[bool, str], ...] = ()
    delay: float = 0.0

    def allows(self, target: str) -> bool:
        """Whether a path (with its query) may be fetched: the longest pattern counts, of equals the one that allows.

        >>> Rules(((False, "/a/*.pdf$"), (True, "/a/b"))).allows("/a/b/c.html")
        True
        """
        path = unquote(target)
        hits = [(len(pattern), allowed) for allowed, pattern in self.rules if _fits(pattern, path)]
        return max(hits, default=(0, True))[1]


def _fits(pattern: str, path: str) -> bool:
    """Whether a path begins as the pattern says; `*` is anything, `$` the end. Linear in the path for each star."""
    ends = pattern.endswith("$")
    first, *others = unquote(pattern.removesuffix("$")).split("*")
    if not path.startswith(first):
        return False
    place = len(first)
    for at, part in enumerate(others):
        if ends and at == len(others) - 1:
            return path.endswith(part) and len(path) - len(part) >= place
        found = path.find(part, place)
        if found < 0:
            return False
        place = found + len(part)
    return not ends or place == len(path)


NOTHING = Rules(((False, "/"),))
"""For a site whose robots.txt cannot be had: the RFC asks to stay away."""


def rules(text: str, agent: str) -> Rules:
    """What a robots.txt says to an agent: the groups of its name, else those of `*`.

    >>> rules("User-agent: *\\nDisallow: /private\\n\\nUser-agent: other\\nDisallow: /", "communique").allows("/a")
    True
    """
    groups: dict[str, list[tuple[bool, str]]] = {}
    delays: dict[str, float] = {}
    names: list[str] = []
    open_group = False
    for key, value in _lines(text):
        if key == "user-agent":
            names = [*names, value.casefold()] if open_group else [value.casefold()]
            open_group = True
            groups.setdefault(names[-1], [])
            continue
        open_group = False
        for name in names:
            if key in ("allow", "disallow") and value:
                groups[name].append((key == "allow", value))
            elif key == "crawl-delay":
                delays[name] = _seconds(value)
    chosen = agent.casefold() if agent.casefold() in groups else "*"
    return Rules(tuple(groups.get(chosen, ())), delays.get(chosen, 0.0))


def _lines(text: str) -> Iterator[tuple[str, str]]:
    for line in text[:LONGEST].lstrip("\ufeff").splitlines():
        key, colon, value = line.partition("#")[0].partition(":")
        if colon:
            yield key.strip().casefold(), value.strip()


def _seconds(value: str) -> float:
    try:
        return min(max(float(value), 0.0), MOST_DELAY)
    except ValueError:
        return 0.0


def reserved_paths(text: str) -> Rules:
    """What a site's /.well-known/tdmrep.json reserves, as rules: what is reserved is not allowed."""
    try:
        entries: Any = json.loads(text)
    except (ValueError, RecursionError):
        return Rules()
    found = [entry for entry in entries if isinstance(entry, dict)] if isinstance(entries, list) else []
    return Rules(tuple((str(entry.get("tdm-reservation")) != "1", str(entry.get("location", "/"))) for entry in found))


def refusal(headers: Mapping[str, str], body: bytes) -> str | None:
    """The words by which an answer keeps its text from machine analysis, in headers or in the page's metas."""
    if headers.get("tdm-reservation", "").strip() == "1":
        return "tdm-reservation: 1"
    said = _refused(headers.get("x-robots-tag", ""))
    if said:
        return f"x-robots-tag: {said}"
    for name, content in _metas(body[:200_000]):
        if name == "tdm-reservation" and content.strip() == "1":
            return "meta tdm-reservation"
        if name in ("robots", "communique") and (said := _refused(content)):
            return f"meta robots: {said}"
    return None


def _refused(value: str) -> str | None:
    words = re.split(r"[\s,:]+", value.casefold())
    return next((word for word in words if word in REFUSALS), None)


def _metas(page: bytes) -> Iterator[tuple[str, str]]:
    for tag in _META.findall(page):
        found = {m[0].lower(): (m[1] or m[2] or m[3]).decode("utf-8", "replace") for m in _ATTRIBUTE.findall(tag)}
        yield (found.get(b"name") or found.get(b"property") or "").casefold(), found.get(b"content", "")
