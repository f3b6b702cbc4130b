"""What an address asks, and the answer: from its query to bytes with a tag, over one database."""
