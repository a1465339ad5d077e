"""SystmOne: its protocol, the simulator of it, and the gateway."""
