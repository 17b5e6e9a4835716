"""`make slides`: the lessons as decks of reveal.js, which need no network.

A notebook's cells become blocks (`prose`, `outputs`), blocks become slides (`pages`), and slides become pages (`render`).
How much fits is reckoned in `measure` and measured in Chromium by `check`.
"""
