"""An IPython extension for the site's kernels: every matplotlib figure goes out with the numbers that it draws.

They travel under a MIME type of their own, beside the picture. No notebook stores them.
"""

import sys
from typing import Any

DRAWN = "application/vnd.hf-tutorial.drawn+json"


def load_ipython_extension(shell: Any) -> None:
    """Add the formatter to the kernel's own. matplotlib is not imported before a notebook does so."""
    from IPython.core.formatters import BaseFormatter
    from traitlets import ObjectName, Unicode

    class DrawnFormatter(BaseFormatter):
        """What a figure draws. It keeps no list of types: matplotlib's backend takes figures off those lists."""

        format_type = Unicode(DRAWN)
        print_method = ObjectName("_repr_drawn_")

        def __call__(self, shown: Any) -> Any:
            return tables_if_figure(shown)

    shell.display_formatter.formatters[DRAWN] = DrawnFormatter(parent=shell.display_formatter)


def tables_if_figure(shown: Any) -> list[dict[str, Any]] | dict[str, str] | None:
    """Return what `shown` draws if it is a matplotlib figure, or why that cannot be read; else None.

    It raises nothing: an error here would look like the notebook's own.
    """
    figures = sys.modules.get("matplotlib.figure")
    if figures is None or not isinstance(shown, figures.Figure):
        return None
    try:
        from tools.site.drawn import tables_of

        return tables_of(shown)
    except Exception as error:
        return {"unread": f"{type(error).__name__}: {error}"}
