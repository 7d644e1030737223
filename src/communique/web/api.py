"""The API: every question of `ask` under `/api/v1/`, with evidence, paged by cursor; writing behind a token.

In: parameters. Out: JSON, the same that the commands print. Must not know SQL, nor pages.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import islice
from typing import Annotated, Any

from fastapi import APIRouter, Depends, HTTPException, Path, Query, Request
from fastapi.responses import Response
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from pydantic import BaseModel, ConfigDict, Field

from communique import notation
from communique.ask import dossier as ask_dossier
from communique.ask import figures as ask_figures
from communique.ask import promises as ask_promises
from communique.ask import stories as ask_stories
from communique.ask import why as ask_why
from communique.ask.brief import brief as ask_brief
from communique.ask.columns import as_object, plain
from communique.ask.days import shifted
from communique.ask.pairs import COLUMNS as PAIR_COLUMNS
from communique.ask.pairs import balance_of
from communique.ask.persons import person as ask_person
from communique.ask.stats import stats as ask_stats
from communique.ask.told import as_dict, once_each, records, tell
from communique.document import Overrides
from communique.errors import CommuniqueError
from communique.follow.update import STORY
from communique.ledger.rows import KINDS, Item, Judgement
from communique.web import writing
from communique.web.answering import room_of
from communique.web.asking import KEPT_SHORT, Asked, whole_day
from communique.web.pages.actors import in_office
from communique.web.pages.documents import chosen
from communique.web.pages.promises import Day, Standing
from communique.web.room import last_day
from communique.web.texts import kept

PROBLEMS: dict[int | str, dict[str, Any]] = {
    status: {"description": words, "content": {"application/problem+json": {"schema": {"type": "object"}}}}
    for status, words in {
        400: "A parameter says nothing", 404: "Not in the ledger", 413: "Too large", 422: "Not as described",
        429: "Too many requests", 503: "Busy",
    }.items()
}  # fmt: skip
router = APIRouter(prefix="/api/v1", responses=PROBLEMS)
Asking = Annotated[Asked, Depends()]
Id = Annotated[str, Path(min_length=1, max_length=KEPT_SHORT)]
_bearer = HTTPBearer(auto_error=False, description="The token that the room was started with")


def answer(request: Request, content: Any, after: str | None = None, status: int = 200) -> Response:
    """An answer as JSON with its ETag; without a body where whoever asks has it already."""
    body = json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")
    headers = {"etag": f'"{hashlib.sha256(body).hexdigest()[:24]}"', "cache-control": "private, no-cache"}
    if after:
        headers["link"] = f'<{request.url.include_query_params(after=after)}>; rel="next"'
    known = [tag.strip().removeprefix("W/") for tag in request.headers.get("if-none-match", "").split(",")]
    if headers["etag"] in known:
        return Response(status_code=304, headers=headers)
    return Response(body, status, headers, "application/json")


def _rows(request: Request, asking: Asked, kinds: Sequence[str], *, once: bool = False) -> Response:
    with room_of(request).ledger() as ledger:
        found = records(ledger, asking.filter(kinds), asking.origins)
        found = once_each(found) if once else found
    return answer(request, {"rows": [as_dict(one) for one in found.rows], "after": found.after}, found.after)


def _listed(kind: str) -> Callable[..., Response]:
    def listed(request: Request, asking: Asking) -> Response:
        return _rows(request, asking, (kind,))

    return listed


for _kind in KINDS:
    router.get(f"/{_kind}s", summary=f"Records of kind {_kind}, by day", operation_id=f"{_kind}s")(_listed(_kind))


@router.get("/records", operation_id="records")
def all_records(request: Request, asking: Asking) -> Response:
    """Records of all kinds asked for, by day."""
    return _rows(request, asking, ())


@router.get("/timeline", operation_id="timeline")
def timeline(request: Request, asking: Asking) -> Response:
    """Everything between a and b by day; what one story tells is told once."""
    return _rows(request, asking, (), once=True)


@router.get("/records/{id}", operation_id="why")
def why(request: Request, id: Id) -> Response:
    """A record with all that it rests on: sentence, rule, links, judgements."""
    with room_of(request).ledger() as ledger:
        return answer(request, ask_why.as_object(ask_why.why(ledger, id)))


@router.get("/promises", operation_id="promises")
def promises(request: Request, asking: Asking, standing: Annotated[Standing, Depends()]) -> Response:
    """Promises with their status on a day, and whether there may be more."""
    with room_of(request).ledger() as ledger:
        found, more = ask_promises.promises(ledger, standing.wanted(ledger, asking))
    return answer(request, {"rows": [as_object(one, ask_promises.COLUMNS) for one in found], "more": more})


@router.get("/promises/{id}", operation_id="promise")
def promise(request: Request, id: Id, on: Day = "") -> Response:
    """One promise with its history."""
    with room_of(request).ledger() as ledger:
        return answer(request, plain(ask_promises.promise(ledger, id, whole_day(on) if on else last_day(ledger))))


@router.get("/series", operation_id="series")
def series(request: Request, asking: Asking, of: Annotated[str, Query(max_length=KEPT_SHORT)] = "") -> Response:
    """Series of figures with all claims, origins, agreement and conflicts; `of` says what is measured."""
    with room_of(request).ledger() as ledger:
        found = ask_figures.figures(ledger, asking.filter(("figure",)), of.strip() or None, asking.origins)
        alone = [as_dict(one) for one in tell(ledger, found.alone)]
    return answer(request, {"rows": plain(found.series), "alone": alone, "more": found.more})


@router.get("/balance", operation_id="balance")
def balance(
    request: Request, asking: Asking, by: Annotated[str, Query(pattern="^(?:day|month|year)$")] = "month"
) -> Response:
    """Stories of cooperation and conflict between a and b by period."""
    with room_of(request).ledger() as ledger:
        found = balance_of(ledger, asking.filter(), by)
    rows = [as_object(row, PAIR_COLUMNS) for row in found.rows]
    return answer(request, {"pair": found.pair, "direction": found.direction, "rows": rows, "undated": found.undated})


@router.get("/stories", operation_id="stories")
def stories(request: Request, asking: Asking) -> Response:
    """Stories of at least two records, the largest first."""
    with room_of(request).ledger() as ledger:
        chosen_by = replace(asking.filter(("event",)), limit=None, after=None)
        found = list(islice(ledger.clusters(STORY, chosen_by, min_size=2, order="size"), asking.limit))
    rows = [{"id": one.id, "day": one.day, "records": len(one.members)} for one in found]
    return answer(request, {"rows": rows})


@router.get("/stories/{id}", operation_id="story")
def story(request: Request, id: Id) -> Response:
    """One story with its reports and where they differ."""
    with room_of(request).ledger() as ledger:
        return answer(request, ask_stories.as_object(ask_stories.story(ledger, id)))


@router.get("/persons/{name:path}", operation_id="person")
def person(request: Request, name: Id, asking: Asking) -> Response:
    """What an office-holder said, did and promised. Nobody else has a profile."""
    with room_of(request).ledger() as ledger:
        found = ask_person(ledger, name, asking.filter(), asking.origins)
    if not in_office(found):
        raise HTTPException(404, "There are profiles of office-holders only, and none of this name.")
    said = [{"office": one.office, "state": one.state, **as_dict(one.told)} for one in found.said]
    about = {"id": found.id, "name": found.name, "offices": plain(found.offices)}
    return answer(request, {**about, "said": said, "after": found.after}, found.after)


@router.get("/brief", operation_id="brief")
def brief(request: Request, asking: Asking) -> Response:
    """What a period brought."""
    with room_of(request).ledger() as ledger:
        until = whole_day(asking.until) if asking.until else last_day(ledger)
        since = whole_day(asking.since) if asking.since else shifted(until, -30) or until
        found = ask_brief(ledger, asking.filter(), since, until)
    lists = ("made", "due", "kept", "failed")
    content: dict[str, Any] = {
        name: [as_object(p, ask_promises.COLUMNS) for p in getattr(found, name)] for name in lists
    }
    content |= {
        "firsts": [as_dict(one) for one in found.firsts],
        "contradictions": [_dispute(d) for d in found.contradictions],
    }
    return answer(request, {"since": since, "until": until, "items": found.items, **content, "cut": found.cut})


def _dispute(one: Any) -> dict[str, Any]:
    claims = [
        {"document": c.item.document.id, "record": c.record.id, "value": c.record.value, "unit": c.record.unit}
        for c in one.claims
    ]
    about = {
        name: plain(getattr(one, name)) for name in ("indicator", "subjects", "counterparts", "start", "end", "reasons")
    }
    return {**about, "claims": claims}


@router.get("/dossier", operation_id="dossier")
def dossier(request: Request, on: Day = "") -> Response:
    """Everything that is concluded from the items published until a day."""
    with room_of(request).ledger() as ledger:
        day = whole_day(on) if on else last_day(ledger)
        return answer(request, ask_dossier.as_object(ask_dossier.dossier(ledger, day)))


@router.get("/stats", operation_id="stats")
def stats(request: Request) -> Response:
    """What the ledger holds."""
    with room_of(request).ledger() as ledger:
        return answer(request, {name: value for name, value in ask_stats(ledger).items() if name != "path"})


@router.get("/documents", operation_id="documents")
def documents(request: Request, asking: Asking) -> Response:
    """Items by day of publication."""
    with room_of(request).ledger() as ledger:
        items = ledger.items(asking.filter())
        after = ledger.cursor(items[-1]) if len(items) == asking.limit else None
    return answer(request, {"rows": [_about(item) for item in items], "after": after}, after)


def _about(item: Item) -> dict[str, Any]:
    document = item.document
    return {
        "id": document.id, "version": document.version, "name": document.name or document.title, "url": document.url,
        "publisher": document.publisher, "published": document.published, "language": document.language,
    }  # fmt: skip


@router.get("/documents/{id:path}", operation_id="document")
def document(request: Request, id: Id, version: Annotated[int | None, Query(ge=1, le=10**9)] = None) -> Response:
    """A document with its records, as `read --json` prints it; without its text where whole texts are not shown."""
    room = room_of(request)
    with room.ledger() as ledger:
        content = notation.as_json(kept(ledger, chosen(ledger.versions(id), version)))
    content["document"]["origin"] = {}
    if not room.settings.full_text:
        content["document"]["text"] = None
    return answer(request, content)


# ---- writing


class Text(BaseModel):
    """A text to be read and kept."""

    model_config = ConfigDict(extra="forbid")
    text: str = Field(min_length=1, max_length=400_000)
    id: str | None = Field(None, max_length=200)
    title: str | None = Field(None, max_length=500)
    url: str | None = Field(None, max_length=2_000)
    publisher: str | None = Field(None, max_length=200)
    published: str | None = Field(None, max_length=40)


class Said(BaseModel):
    """What somebody says of a record."""

    model_config = ConfigDict(extra="forbid")
    record: str = Field(min_length=1, max_length=200)
    verdict: str = Field(max_length=20)
    author: str = Field(min_length=1, max_length=100)
    other: str | None = Field(None, max_length=200)
    note: str = Field("", max_length=2_000)
    field: str | None = Field(None, max_length=40)
    value: str | None = Field(None, max_length=500)


def allowed(request: Request, given: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)]) -> None:
    """Refuse whoever does not have the token."""
    room = room_of(request)
    if room.settings.token is None:
        raise HTTPException(403, "No token was set when the room was started: it is for reading only.")
    if given is None or not room.may_write(given.credentials):
        raise HTTPException(401, "This needs the room's token.", {"WWW-Authenticate": "Bearer"})


REFUSED: dict[int | str, dict[str, Any]] = {401: {"description": "No token"}, 403: {"description": "Reading only"}}


@router.post("/documents", operation_id="add", status_code=201, dependencies=[Depends(allowed)], responses=REFUSED)
def add(request: Request, given: Text) -> Response:
    """Read a text and keep it."""
    room = room_of(request)
    about = given.model_dump(exclude={"text", "published"})
    reading = writing.read_text(room, given.text, Overrides(published=given.published or None), **about)
    with room.writing() as ledger:
        added = writing.add(ledger, reading)
        id = ledger.item(added.key).document.id
    return answer(request, {"id": id, "outcome": added.outcome}, status=201)


@router.post("/judgements", operation_id="judge", status_code=201, dependencies=[Depends(allowed)], responses=REFUSED)
def judge(request: Request, given: Said) -> Response:
    """Keep what somebody says of a record."""
    judgement = Judgement(
        given.verdict, given.record, given.other, given.author, "", given.note, given.field, given.value
    )
    with room_of(request).writing() as ledger:
        if not (ledger.find(given.record) or ledger.versions(given.record)):
            raise CommuniqueError("There is no such record here.")
        return answer(request, plain(writing.judge(ledger, judgement)), status=201)
