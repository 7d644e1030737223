"""A person's corrections applied to a record's fields.

In: the fields as the reader found them, and judgements. Out: the fields as they should be. Must not know SQL.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from communique.errors import LedgerError
from communique.ledger.packing import KINDS, build
from communique.ledger.rows import Judgement

FIXED = ("id", "evidence")
"""Fields that say which record it is; a record with other evidence is another record."""


def corrected(content: dict[str, Any], judged: Iterable[Judgement]) -> dict[str, Any]:
    """The fields with each correction in its place; of several about one field the first holds, the last word."""
    done: set[str] = set()
    for judgement in judged:
        if judgement.field and judgement.field not in done:
            done.add(judgement.field)
            content = _set(content, judgement.field.split("."), judgement.value)
    return content


def _set(content: Any, path: list[str], value: str | None) -> Any:
    """A copy of nested content with one place changed; KeyError, IndexError or ValueError where there is none."""
    if not path:
        return _value(content, value)
    if isinstance(content, list):
        at = int(path[0])
        if at not in range(len(content)):
            raise IndexError(at)
        return [_set(one, path[1:], value) if place == at else one for place, one in enumerate(content)]
    return {**content, path[0]: _set(content[path[0]], path[1:], value)}


def _value(before: Any, value: str | None) -> Any:
    """A correction as JSON has it; words stay words where words stood or where they are no JSON."""
    if value is None:
        return None
    if isinstance(before, str) and value != "null":
        return value
    try:
        return json.loads(value)
    except ValueError:
        if isinstance(before, int | float | list | dict):
            raise
        return value


def check(kind: str, content: dict[str, Any], judgement: Judgement) -> None:
    """Refuse a correction of a field that the record has not, or with a value that cannot be one."""
    field = judgement.field or ""
    if field.split(".")[0] in FIXED:
        raise LedgerError(f"The field '{field}' says which record it is and cannot be corrected.")
    try:
        build(KINDS[kind], corrected(content, [judgement]))
    except (KeyError, IndexError):
        raise LedgerError(f"This {kind} has no field '{field}'.") from None
    except (ValueError, TypeError, AttributeError):
        raise LedgerError(f"The field '{field}' of this {kind} cannot be '{judgement.value}'.") from None
