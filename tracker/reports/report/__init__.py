"""The change report: its sections, the wording of their items, its data, and Markdown."""
