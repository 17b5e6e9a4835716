"""A Hub on the loopback address: enough of the Hub's HTTP interface for the real clients, and no network.

    with LoopbackHub(stand_in_repositories()) as hub:
        hub.redirect(environment)  # what runs in it takes this for the Hub
        …
    print(hub.asked)  # ["GET /api/models/…", "HEAD /…/resolve/main/config.json", …]

`repositories` says what a repository is, `stand_ins` which ones there are, `routes` what is answered to what, `server`
speaks HTTP. `shapes` makes random models of the Hub's own shapes, `faults` what can go wrong on the way. `running` executes
the course's notebooks against it: `python -m tools.loopback_hub`.
"""

from tools.loopback_hub.repositories import Repository
from tools.loopback_hub.server import LoopbackHub
from tools.loopback_hub.stand_ins import stand_in_repositories

__all__ = ["LoopbackHub", "Repository", "stand_in_repositories"]
