"""Reads political news and returns records, each with the words that prove it.

The public names are loaded when they are first used, so that `import communique` costs nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

__version__ = "0.1.0"

_HOMES = {
    "Document": "records", "Reading": "records", "Statement": "records", "Event": "records", "Commitment": "records",
    "Figure": "records", "CommuniqueError": "errors", "Reader": "reading", "read": "reading",
    "Ledger": "ledger",
}  # fmt: skip
__all__ = ["__version__", *_HOMES]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'communique' has no attribute {name!r}")
    module = import_module(f"communique.{_HOMES[name]}")
    return getattr(module, name)
