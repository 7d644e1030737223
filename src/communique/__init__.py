"""Reads political news and returns records, each with the words that prove it."""

__version__ = "0.1.0"
