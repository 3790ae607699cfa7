"""The only door to the network.

`Outbound` visits addresses given by users only where they lead to the public internet, and
configured destinations by `trusting`. Every hop is resolved, checked and connected in one step.
"""

from connector.outbound.door import Outbound, Patience
from connector.outbound.reply import Fetched, Reply
from connector.outbound.session import session_through

__all__ = ["Fetched", "Outbound", "Patience", "Reply", "session_through"]
