"""Intake: items get in, are read on all cores, and kept in a ledger, so that it can be interrupted and watched.

In: sources (files, folders, archives, exports, feeds). Out: a ledger that has their items, and what became of each.
The only place that knows both the reader and the ledger. Must not know how either works inside.
"""
