"""The course as one browsable site: Sphinx over the executed notebooks, which loads nothing from anywhere else.

sources     the folder that Sphinx reads: notebooks, our own pages, the table of lessons, the reference
lessons     what the course says of each notebook: its page, its titles, what it teaches
prose       the Markdown of notebooks and pages: links, the Colab button, boxes, foreign HTML
notebooks   a notebook as the site shows it
figures     a figure with its alternative text and its numbers
tables      numbers as HTML tables
kernel      in the kernel: the formatter that sends a figure's numbers along with the picture
drawn       in the kernel: what a matplotlib figure draws, as plain data (drawn_panel: one panel in words;
            drawn_artists: each thing on it as a series)
reference   the reference of the helper package, from its own docstrings
docstrings  a docstring as Markdown
signatures  a signature that can be read
commands    the command line's reference, from argparse
building    Sphinx, then what must hold of every page, then the rename
references  links and addresses inside the site
remote      what a page would load from another host
browsing    a page in Chromium: what fails, what axe-core says, what runs over
check       `python -m tools.site.check build/course`: every page in Chromium
"""
