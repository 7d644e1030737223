"""Texts that return again and again, kept once and numbered.

In: texts. Out: their keys, and back. Must not know what the texts name.
"""

from __future__ import annotations

from collections import OrderedDict
from typing import Any, Generic, TypeVar

from communique.ledger.connection import Connection

MOST = 200_000

Value = TypeVar("Value")


class Kept(Generic[Value]):
    """The values last used, at most so many."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._values: OrderedDict[Any, Value] = OrderedDict()

    def get(self, key: Any) -> Value | None:
        """A value that is kept, now the last used."""
        if key not in self._values:
            return None
        self._values.move_to_end(key)
        return self._values[key]

    def put(self, key: Any, value: Value) -> Value:
        """Keep a value and forget the one that was used longest ago."""
        self._values[key] = value
        if len(self._values) > self._most:
            self._values.popitem(last=False)
        return value

    def clear(self) -> None:
        """Forget all."""
        self._values.clear()


class Interned:
    """A table of numbered texts."""

    def __init__(self, connection: Connection, table: str) -> None:
        self._connection = connection
        self._table = table
        self._keys: Kept[int] = Kept(MOST)
        self._texts: Kept[str] = Kept(MOST)

    def forget(self) -> None:
        """Forget what is kept in memory."""
        self._keys.clear()
        self._texts.clear()

    def key(self, text: str) -> int:
        """The key of a text, which is made where it is new."""
        found = self.known(text)
        if found is None:
            made = self._connection.run(f"INSERT INTO {self._table} (text) VALUES (?)", (text,))
            found = self._keys.put(text, made)
        return found

    def maybe(self, text: str | None) -> int | None:
        """The key of a text, null for null."""
        return None if text is None else self.key(text)

    def known(self, text: str) -> int | None:
        """The key of a text, null where the ledger never met it."""
        kept = self._keys.get(text)
        if kept is None:
            kept = self._connection.value(f"SELECT key FROM {self._table} WHERE text = ?", (text,))
            if kept is not None:
                self._keys.put(text, kept)
        return kept

    def text(self, key: int | None) -> str | None:
        """The text of a key."""
        if key is None:
            return None
        kept = self._texts.get(key)
        if kept is None:
            kept = self._connection.value(f"SELECT text FROM {self._table} WHERE key = ?", (key,))
            if kept is not None:
                self._texts.put(key, kept)
        return kept
