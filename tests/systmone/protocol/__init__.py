"""The protocol package, without the Hub."""
