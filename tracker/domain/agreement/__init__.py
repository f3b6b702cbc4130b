"""Who could agree, and how often parties do (DESIGN section 16)."""
