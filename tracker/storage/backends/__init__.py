"""SQLite and PostgreSQL behind one protocol: opening, locking, transactions, errors, compiled queries."""
