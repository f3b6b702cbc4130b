"""What stands around the application: the server, its guard, and whether it is well."""
