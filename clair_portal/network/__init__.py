"""The bodies: organisations, countries, languages, jurisdictions with dates, and claims with their sources."""
