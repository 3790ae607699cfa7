"""A document -> certificates: form fields, text layer, pictures, and how sure each value is."""
