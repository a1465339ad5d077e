"""TPP's SystmOne Client Integration API: typed requests and answers, and a client. No Django here.

Source: TPP, "SystmOne Client Integration" (2020). docs/systmone.md teaches the use of it.
"""
