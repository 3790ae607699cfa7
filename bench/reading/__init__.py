"""The reading benchmark: drawn certificates, truth known, read as the service reads them."""
