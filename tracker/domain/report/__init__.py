"""What a change report tells (DESIGN section 8)."""
