"""What can go wrong with arguments and files: one clear sentence each.

Bad content is never raised; it becomes a `Problem` in the reading. Must not know any other module.
"""


class CommuniqueError(Exception):
    """A sentence for the user: what is wrong, where, and what to do about it."""


class InputError(CommuniqueError):
    """A file or item that cannot be read; the other items still are."""


class KnowledgeError(CommuniqueError):
    """A knowledge file, shipped or the user's own, that breaks its schema."""


class LedgerError(CommuniqueError):
    """A ledger that cannot be opened, asked or written; what was committed to it is safe."""
