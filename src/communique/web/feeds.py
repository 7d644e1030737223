"""Promises that are due, as an Atom feed and as a calendar, for any filter.

In: promises. Out: Atom (RFC 4287) and iCalendar (RFC 5545), each value escaped for its format. Must not know the
ledger.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from typing import Annotated
from xml.etree import ElementTree

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from communique.ask import promises as ask
from communique.view import visible
from communique.web.answering import room_of, speech_of
from communique.web.asking import Asked
from communique.web.pages.promises import Standing
from communique.web.speech import Speech, segment

router = APIRouter(prefix="/feeds")
ATOM = "http://www.w3.org/2005/Atom"
FOLD = 73
"""Octets of a line of iCalendar, of 75 that may be, without those of the line's end."""
_NEVER_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@router.get("/promises.atom")
def atom_feed(
    request: Request, asking: Annotated[Asked, Depends()], standing: Annotated[Standing, Depends()]
) -> Response:
    """The promises of a filter as a feed, the last change first."""
    with room_of(request).ledger() as ledger:
        found, _more = ask.promises(ledger, standing.wanted(ledger, asking))
    text = atom(found, speech_of(request), str(request.base_url).rstrip("/"), str(request.url))
    return Response(text, media_type="application/atom+xml")


@router.get("/promises.ics")
def calendar(
    request: Request, asking: Annotated[Asked, Depends()], standing: Annotated[Standing, Depends()]
) -> Response:
    """The deadlines of a filter as a calendar of whole days."""
    with room_of(request).ledger() as ledger:
        found, _more = ask.promises(ledger, standing.wanted(ledger, asking))
    text = icalendar(found, speech_of(request), str(request.base_url).rstrip("/"))
    return Response(text, media_type="text/calendar; charset=utf-8")


def title(one: ask.Promise, speech: Speech) -> str:
    """A promise on one line."""
    return f"{', '.join(speech.name(party) for party in one.parties) or '?'}: {one.action}"


def atom(found: Sequence[ask.Promise], speech: Speech, base: str, own: str) -> bytes:
    """An Atom feed of promises."""
    ElementTree.register_namespace("", ATOM)
    feed = ElementTree.Element(f"{{{ATOM}}}feed")
    ordered = sorted(found, key=lambda one: (one.last.day or "", one.id), reverse=True)
    _child(feed, "title", str(speech.word("nav", "promises")))
    _child(feed, "id", own)
    _child(feed, "updated", _moment(ordered[0].last.day if ordered else None))
    ElementTree.SubElement(feed, f"{{{ATOM}}}link", {"rel": "self", "href": _xml(own)})
    for one in ordered:
        entry = ElementTree.SubElement(feed, f"{{{ATOM}}}entry")
        address = f"{base}/promises/{segment(one.id)}"
        _child(entry, "title", title(one, speech))
        _child(entry, "id", address)
        _child(entry, "updated", _moment(one.last.day))
        author = ElementTree.SubElement(entry, f"{{{ATOM}}}author")
        _child(author, "name", one.last.evidence.outlet or one.last.evidence.document)
        ElementTree.SubElement(entry, f"{{{ATOM}}}link", {"href": address})
        _child(entry, "summary", f"{speech.word('promise', one.status)}. «{one.last.evidence.words}»")
    made: bytes = ElementTree.tostring(feed, encoding="utf-8", xml_declaration=True)
    return made


def _child(parent: ElementTree.Element, name: str, text: str) -> None:
    ElementTree.SubElement(parent, f"{{{ATOM}}}{name}").text = _xml(text)


def _xml(text: str) -> str:
    """Text without what no XML may hold; ElementTree escapes the rest."""
    return _NEVER_XML.sub("\ufffd", visible(text))


def _moment(day: str | None) -> str:
    return f"{day or '1970-01-01'}T00:00:00Z"


def icalendar(found: Iterable[ask.Promise], speech: Speech, base: str) -> str:
    """A calendar with the deadlines of promises."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//communique//reading room//EN", "CALSCALE:GREGORIAN"]
    for one in found:
        if one.due:
            lines += _event(one, speech, base)
    return "".join(f"{part}\r\n" for line in [*lines, "END:VCALENDAR"] for part in folded(line))


def _event(one: ask.Promise, speech: Speech, base: str) -> list[str]:
    due = date.fromisoformat(one.due or "")
    stamp = (one.last.day or "1970-01-01").replace("-", "")
    return [
        "BEGIN:VEVENT",
        f"UID:{escaped(one.id)}@communique",
        f"DTSTAMP:{stamp}T000000Z",
        f"DTSTART;VALUE=DATE:{due:%Y%m%d}",
        f"DTEND;VALUE=DATE:{due + timedelta(days=1):%Y%m%d}",
        f"SUMMARY:{escaped(title(one, speech))}",
        f"DESCRIPTION:{escaped(f'«{one.last.evidence.words}»')}",
        f"URL:{base}/promises/{segment(one.id)}",
        "TRANSP:TRANSPARENT",
        "END:VEVENT",
    ]


def escaped(text: str) -> str:
    r"""Text as a value of iCalendar.

    >>> escaped("a;b,c\\d\r\ne")
    'a\\;b\\,c\\\\d\\ne'
    """
    text = visible(text.replace("\r\n", "\n").replace("\r", "\n"))
    return re.sub(r"([\\;,])", r"\\\1", text).replace("\n", "\\n")


def folded(line: str) -> Iterator[str]:
    """A line in pieces that are short enough, none of which cuts a character."""
    piece, size = "", 0
    for character in line:
        more = len(character.encode("utf-8", "replace"))
        if size + more > FOLD:
            yield piece
            piece, size = " ", 1
        piece, size = piece + character, size + more
    yield piece
