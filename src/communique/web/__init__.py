"""The reading room: pages and an API over one ledger, in the browser.

In: a ledger's path and settings. Out: an application that answers with what `ask` answers. Must not know SQL, how
documents are read, nor how anything is concluded.
"""
