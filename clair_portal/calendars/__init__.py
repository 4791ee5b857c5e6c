"""Fiscal years, Japanese eras, business days and holidays of headquarters and each office."""
