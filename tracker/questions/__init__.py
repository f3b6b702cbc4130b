"""The longer questions, one per file: each reads what its answer needs and hands it to the domain."""
