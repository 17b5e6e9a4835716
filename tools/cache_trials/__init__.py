"""What can happen to the cache, done to it on purpose: many processes at once, kills, full disks, no right to write.

`python -m tools.cache_trials` tries the real stand-ins, with carriers that are there already and no network, and says
what it found in figures. The ordinary tests run the same trials on tiny stand-ins.
"""
