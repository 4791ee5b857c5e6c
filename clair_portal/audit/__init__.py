"""The log of who did what (hash-chained), old values, and who read personal records."""
