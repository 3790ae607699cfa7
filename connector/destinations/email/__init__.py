"""Mail by SMTP, each message to each recipient once. Entry point: `deliver.deliver`."""
