"""Questions to a ledger, answered as plain dataclasses with the words that prove them.

In: an open ledger and what is asked. Out: answers, each with its evidence. Must not know SQL, arguments or terminals.
"""
