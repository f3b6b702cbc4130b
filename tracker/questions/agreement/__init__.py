"""Questions of who could agree."""
