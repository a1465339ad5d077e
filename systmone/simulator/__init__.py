"""A stand-in for the SystmOne client, to develop against and to show."""
