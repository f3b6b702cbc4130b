"""An event-sourced tracker of negotiation positions."""
