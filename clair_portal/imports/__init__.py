"""Lists that come back as sheets: upload, dry run, page of differences, confirmation. The whole file or nothing."""
