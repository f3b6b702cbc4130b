"""Recording in the browser and by the API: only where a server is started to record, and only with a token."""
