"""An invented mental-health unit: no person, place or number in it is real."""
