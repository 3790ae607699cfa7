"""Procore: vendor insurances out of a certificate and its verdict, and certificates out of Procore.

`deliver.deliver` is the way in for a push; `client.Procore` is the only place that speaks HTTP.
"""
