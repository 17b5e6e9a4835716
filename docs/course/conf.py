"""Sphinx's settings for the browsable course. `python -m tools.course` builds it; nothing here needs a network."""

project = "Hugging Face Transformers: the course"
html_title = project
author = "the contributors of hf-tutorial"
language = "en"

extensions = ["myst_nb"]
source_suffix = {".md": "myst-nb", ".ipynb": "myst-nb"}
exclude_patterns = ["README.md", "**/.ipynb_checkpoints", "instructors/example"]

# The notebooks have been executed before they come here.
nb_execution_mode = "off"
nb_merge_streams = True
# What lessons and docstrings write, and nothing else: dollar signs stay dollar signs.
myst_enable_extensions = ["colon_fence", "deflist"]
myst_heading_anchors = 4
suppress_warnings = ["mystnb.unknown_mime_type"]

add_module_names = False
toc_object_entries = False

html_theme = "sphinx_book_theme"
templates_path = ["_templates"]
html_static_path = ["_static"]
html_css_files = ["course.css"]
html_js_files = ["course.js"]
html_favicon = "_static/favicon.svg"
html_copy_source = False
html_show_sourcelink = False
html_show_sphinx = False
html_show_copyright = False
html_permalinks_icon = "#"
html_domain_indices = False
# Light or dark, as the reader's system is.
html_context = {"default_mode": "auto"}
html_theme_options = {
    "logo": {"text": "The course"},
    "home_page_in_toc": False,
    "navbar_persistent": [],
    "show_navbar_depth": 1,
    "max_navbar_depth": 3,
    "use_download_button": False,
    "use_fullscreen_button": False,
    "use_source_button": False,
    "toc_title": "On this page",
    "show_toc_level": 2,
    "pygments_light_style": "a11y-high-contrast-light",
    "pygments_dark_style": "a11y-high-contrast-dark",
    "footer_content_items": ["extra-footer.html"],
    "extra_footer": "",
    "search_bar_text": "Search the course",
}
