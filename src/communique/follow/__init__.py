"""Across items and over time: copies and origins, stories, promises, series.

In: stored records and documents. Out: links with score and reason, clusters of them, entries and conflicts.
Must not know SQL, nor how records were read. `update` alone knows the ledger; the rest are pure functions.
"""
