"""A Google Sheets (REST v4) on loopback, for the real gspread client."""
