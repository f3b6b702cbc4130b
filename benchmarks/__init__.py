"""How fast the tracker is, side by side with the bare engine and with what people would use instead."""
