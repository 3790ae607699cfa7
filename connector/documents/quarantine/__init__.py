"""Where hostile bytes are opened: child processes kept warm, bounded and replaceable.

`Quarantine.run(function, *args)` calls a function in such a child. The child has limits on time
and memory, no network and no files to write; one that crashes, hangs or grows ends in
UnreadableFile, never in a dead worker.
"""

from connector.documents.quarantine.pool import Quarantine
from connector.documents.quarantine.walls import Walls

__all__ = ["Quarantine", "Walls"]
