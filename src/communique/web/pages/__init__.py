"""The pages of the reading room, one module per sort.

In: requests. Out: pages out of answers of `ask`. Must not know SQL, nor how anything is concluded.
"""
