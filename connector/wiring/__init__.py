"""Settings -> Services: the only place that builds engines, doors and readers."""

from connector.wiring.services import services

__all__ = ["services"]
