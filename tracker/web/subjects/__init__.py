"""The pages of one subject each: an issue, a party, an entry; and their data."""
