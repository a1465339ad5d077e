"""SystmOne, the clinical record by TPP: its protocol, a simulator of it, and the Hub's gateway."""
