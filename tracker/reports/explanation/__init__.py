"""Why a party stands where it does: an explanation as data, in words and on a terminal."""
