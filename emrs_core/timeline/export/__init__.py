"""A kept session as files: tidy tables (CSV, Parquet, XLSX) for statistics, JSON to keep or move it exactly."""
