"""Stops the clock of every Python program that has this folder in PYTHONPATH, at FIXED_CLOCK."""

import os
from datetime import datetime

import time_machine

time_machine.travel(datetime.fromisoformat(os.environ["FIXED_CLOCK"]), tick=False).start()
