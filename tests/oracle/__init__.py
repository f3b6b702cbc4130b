"""What the log means once more, as naively as possible, from exported lines alone; nothing of the tracker is used."""
