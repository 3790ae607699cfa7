"""What others must know of us, written from the ACTIONS registry and FIELDS: never by hand."""
