"""Excel and CSV files: one place that writes them, one that reads what people send. Knows no table and no person."""
