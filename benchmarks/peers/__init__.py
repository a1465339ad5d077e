"""The sync endpoint as other frameworks would have it, to measure ours against.

Each works on the Hub's own schema and does the same work; `python -m benchmarks.peers.check` proves
it. What is pure Python, the rule and the seals, they share; the rest each does in its own way.
"""
