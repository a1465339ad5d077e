"""Claims of speed, each measured against its other side in one run."""
