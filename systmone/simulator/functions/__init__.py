"""What the simulator does for each function of the interface (section Function Descriptions)."""
