"""Records and documents as small blobs, both ways.

In: frozen dataclasses of `records`. Out: compressed JSON of their fields by name. Must not know SQL.
"""

from __future__ import annotations

import json
import types
import typing
import zlib
from collections.abc import Callable
from dataclasses import fields, is_dataclass
from functools import lru_cache
from typing import Any

from communique.records import Actor, Commitment, Event, Figure, Record, Statement

KINDS: dict[str, type[Statement] | type[Event] | type[Commitment] | type[Figure]] = {
    "statement": Statement,
    "event": Event,
    "commitment": Commitment,
    "figure": Figure,
}
NAMES = tuple(KINDS)
NUMBERS = {name: number for number, name in enumerate(NAMES)}

# What records have in common, so that the compressor need not learn it from each. Blobs depend on it: it is never
# changed without a migration that packs them again.
_COMMON = (
    b'"speakers":[{"code":null,"sector":null,"entity":null,"text":"","span":null}],"anonymous":false,"cue"'
    b':[[],"content":[[],"form":"indirect","addressees":[],"within":null"kind":"agreement","parties":[{"be'
    b'neficiaries":[],"action":"","action_text":[[],"fields":["trade"],"deadline":{"start":null,"end":"20"'
    b',"relation":"by","text":"bis ","target":{"value":,"unit":"%","of":null,"condition":[],"event":"e-"in'
    b'dicator":"trade","label":"","subjects":[{"counterparts":[],"value_max":null,"bound":"exact","status"'
    b':"reported","start":"20-01-01","end":"20-12-31","precision":"year","change":{"percent":,"absolute":n'
    b'ull,"since":null},"rank":null,"derived":null"type":"CONSULT","mode":"visit","contexts":["diplomatic"'
    b'],"cameo":"04","quad":"verbal cooperation","goldstein":"quad":"material cooperation","quad":"verbal '
    b'conflict","quad":"material conflict","place":null,"start":null,"end":null,"precision":null,"modality'
    b'":"actual","trigger":[[{"evidence":[[],"confidence":0.95,"asserted_by":null,"asserted_by":"s-","why"'
    b':"\'sagen\'; quotation before","why":"\'\' (verb, "source":[{"code":"CHN","sector":"GOV","entity":"t1","'
    b'text":"","span":[],"target":[{"code":"USA","sector":"GOV","entity":"t2","text":"'
)


def pack(content: Any) -> bytes:
    """Plain JSON content as a blob."""
    squeezed = zlib.compressobj(6, zlib.DEFLATED, -15, zdict=_COMMON)
    raw = json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")
    return squeezed.compress(raw) + squeezed.flush()


def unpack(blob: bytes) -> Any:
    """The content of a blob."""
    opened = zlib.decompressobj(-15, zdict=_COMMON)
    return json.loads((opened.decompress(blob) + opened.flush()).decode("utf-8", "surrogatepass"))


def pack_text(text: str) -> bytes:
    """A text as a blob."""
    return zlib.compress(text.encode("utf-8", "surrogatepass"), 6)


def unpack_text(blob: bytes) -> str:
    """The text of a blob."""
    return zlib.decompress(blob).decode("utf-8", "surrogatepass")


def plain(value: Any) -> Any:
    """A dataclass as a mapping of its fields, all the way down."""
    if value is None or isinstance(value, str | int | float | bool):
        return value
    if isinstance(value, tuple | list):
        return [plain(one) for one in value]
    if isinstance(value, dict):
        return {key: plain(one) for key, one in value.items()}
    made: Any = type(value)
    return {name: plain(getattr(value, name)) for name in _names(made)}


def values(one: Any) -> tuple[Any, ...]:
    """The values of a dataclass's fields, in their order."""
    made: Any = type(one)
    return tuple(getattr(one, name) for name in _names(made))


@lru_cache(maxsize=64)
def _names(made: Any) -> tuple[str, ...]:
    return tuple(one.name for one in fields(made))


def kind_of(record: Record) -> str:
    """The name of a record's kind.

    >>> NAMES
    ('statement', 'event', 'commitment', 'figure')
    """
    return type(record).__name__.lower()


def actors_of(record: Record) -> tuple[tuple[Actor, ...], tuple[Actor, ...]]:
    """Who acts and who is acted upon: speakers and addressees, sources and targets, and so on."""
    acting, acted = SIDES[kind_of(record)]
    return getattr(record, acting), getattr(record, acted)


SIDES = {
    "statement": ("speakers", "addressees"),
    "event": ("source", "target"),
    "commitment": ("parties", "beneficiaries"),
    "figure": ("subjects", "counterparts"),
}

Builder = Callable[[Any], Any]


def build(made: type, content: Any) -> Any:
    """A dataclass from what `plain` made; fields it does not know are ignored, new ones take their defaults."""
    builder = _builder(made)
    return builder(content) if builder else content


@lru_cache(maxsize=128)
def _builder(kind: Any) -> Builder | None:
    """How a value of this type is made from JSON, or null where JSON's own will do; worked out once."""
    origin = typing.get_origin(kind)
    if origin in (typing.Union, types.UnionType):
        inner = _builder(next(one for one in typing.get_args(kind) if one is not type(None)))
        return (lambda value: None if value is None else inner(value)) if inner else None
    if origin is tuple:
        return _tuple(typing.get_args(kind))
    return _dataclass(kind) if is_dataclass(kind) else None


def _tuple(arguments: tuple[Any, ...]) -> Builder:
    inner = _builder(arguments[0]) if arguments[1:] == (Ellipsis,) else None
    return (lambda value: tuple([inner(one) for one in value])) if inner else tuple


def _dataclass(kind: Any) -> Builder:
    hints = typing.get_type_hints(kind)
    known = frozenset(hints)
    made = [(name, inner) for name, hint in hints.items() if (inner := _builder(hint))]

    def builder(value: Any) -> Any:
        given = {name: one for name, one in value.items() if name in known}
        for name, inner in made:
            if name in given:
                given[name] = inner(given[name])
        return kind(**given)

    return builder
