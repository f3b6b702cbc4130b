"""The glossary in code: closed lists of words, dates, safe text, and the scope and cut-offs of queries."""
