"""Mail into a case: each organisation on a case has two signed addresses, and what arrives there lands with its papers.

LMTP server or a folder → spool → a turn of the relay reads the spool → message and papers on the case.
"""
