"""What a certificate says. Pure: no files, no network, no database, no PDF library."""
