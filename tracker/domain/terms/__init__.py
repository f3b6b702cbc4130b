"""The glossary in code: closed lists of words, dates, safe text, and what a query asks."""
