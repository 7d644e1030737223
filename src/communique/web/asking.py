"""Questions as they stand in an address, and the addresses of questions.

In: query parameters. Out: a filter with codes for actors and ISO days, and links. Must not ask the ledger.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated
from urllib.parse import urlencode

from fastapi import Query
from starlette.datastructures import URL

from communique.ask.days import read_day, today
from communique.ask.names import actor_name
from communique.errors import CommuniqueError
from communique.ledger.rows import KINDS, Filter
from communique.press import language_code

PAGE, MOST = 40, 500
KEPT_SHORT = 300
"""Letters of a name or of words that are searched for."""

Name = Annotated[str, Query(max_length=KEPT_SHORT)]


@dataclass(frozen=True, slots=True)
class Asked:
    """What an address asks for, as it was written; every page and every answer of the API takes the same words."""

    q: Name = ""
    kind: Annotated[tuple[str, ...], Query(description="statement, event, commitment, figure")] = ()
    actor: Annotated[tuple[str, ...], Query(description="Takes part: code or name; all of them")] = ()
    a: Name = ""
    b: Name = ""
    forward: Annotated[bool, Query(description="With a and b: only from a to b")] = False
    type: Annotated[tuple[str, ...], Query(description="Type, form, kind or indicator")] = ()
    since: Annotated[str, Query(max_length=40, description="Day, month, year, or 30d, 6m, 2y ago")] = ""
    until: Annotated[str, Query(max_length=40)] = ""
    outlet: Annotated[tuple[str, ...], Query(description="Published by")] = ()
    item_language: Annotated[str, Query(max_length=20, description="Items in de or en")] = ""
    modality: Annotated[tuple[str, ...], Query(description="Of events: actual, planned, denied, …")] = ()
    min_confidence: Annotated[float, Query(ge=0, le=1)] = 0.5
    origins: Annotated[int, Query(ge=1, le=100, description="Independent origins at least")] = 1
    as_of: Annotated[str, Query(max_length=40, description="As the ledger stood on a day")] = ""
    limit: Annotated[int, Query(ge=1, le=MOST)] = PAGE
    after: Annotated[str, Query(max_length=60, pattern=r"^(?:\d{1,8}\.\d{1,18})?$", description="Cursor")] = ""

    def __post_init__(self) -> None:
        for name in ("kind", "actor", "type", "outlet", "modality"):
            object.__setattr__(self, name, tuple(one[:KEPT_SHORT] for one in getattr(self, name)))

    def filter(self, kinds: Sequence[str] = ()) -> Filter:
        """The filter; CommuniqueError, one sentence, where a word of it says nothing."""
        asked = tuple(kind for kind in self.kind if kind)
        if not set(asked) <= set(KINDS):
            raise CommuniqueError(f"A kind is one of {', '.join(KINDS)}.")
        return Filter(
            kinds=kinds or asked or KINDS,
            actors=tuple(actor_name(name) for name in self.actor if name.strip()),
            pair=(actor_name(self.a), actor_name(self.b)) if self.a and self.b else None,
            direction="forward" if self.forward else "both",
            types=tuple(one for one in self.type if one),
            since=day(self.since),
            until=day(self.until),
            text=self.q.strip() or None,
            outlets=tuple(one for one in self.outlet if one),
            language=_language(self.item_language),
            min_confidence=self.min_confidence,
            modality=tuple(one for one in self.modality if one),
            as_of=whole_day(self.as_of) if self.as_of else None,
            limit=self.limit,
            after=self.after or None,
        )


def _language(name: str) -> str | None:
    if not name:
        return None
    code = language_code(name)
    if code is None:
        raise CommuniqueError(f"'{name}' is no language; give a code such as de or en.")
    return code


def day(text: str) -> str | None:
    """A day, month or year as ISO, or how long ago; CommuniqueError where it is none."""
    if not text.strip():
        return None
    found = read_day(text)
    if found is None:
        raise CommuniqueError(f"'{text}' is no day; write it as 2024-07-04 or 30d.")
    return found


def whole_day(text: str) -> str:
    """A whole day as ISO, today where none is given."""
    found = day(text) or today()
    if len(found) != len("2024-07-04"):
        raise CommuniqueError(f"'{text}' is no whole day; write it as 2024-07-04.")
    return found


def address(url: URL, **changed: str | int | None) -> str:
    """The same address, relative, with some parameters set anew; those set to null are left out."""
    kept = [(name, value) for name, value in _pairs(url) if name not in changed]
    kept += [(name, str(value)) for name, value in changed.items() if value is not None]
    return f"{url.path}?{urlencode(kept)}" if kept else url.path


def _pairs(url: URL) -> list[tuple[str, str]]:
    from urllib.parse import parse_qsl

    return parse_qsl(url.query, keep_blank_values=False)
