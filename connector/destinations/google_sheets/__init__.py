"""The tracking log in Google Sheets, by gspread. Entry point: `log.write`."""
