"""Log entries: events, their kinds and versions, canonical lines, the hash chain, admission."""
