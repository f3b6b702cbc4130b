"""Shell completion: the scripts for shells, and what is completed from the database."""
