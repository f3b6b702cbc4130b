"""Where things stand on a picture: the room that text takes, ticks of axes, legends."""
