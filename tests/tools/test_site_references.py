"""Links inside the built site: what leads nowhere is told with its page and its target."""

from tools.site.references import broken_references


def site(tmp_path, **pages):
    for name, body in pages.items():
        path = tmp_path / f"{name.replace('__', '/')}.html"
        path.parent.mkdir(exist_ok=True)
        path.write_text(f"<html><body>{body}</body></html>", encoding="utf-8")
    return tmp_path


def test_links_that_lead_somewhere(tmp_path):
    there = site(
        tmp_path,
        index='<h2 id="a-place">A</h2><a href="#a-place">x</a><a href="#">top</a><a href="sub/b.html#%C3%BC">x</a>',
        sub__b='<p id="ü"></p><a href="../index.html?q=1#a-place">x</a><a href="https://a.example/#no">x</a><a href="mailto:x@y">x</a>',
    )
    assert broken_references(there) == []


def test_links_that_lead_nowhere(tmp_path):
    there = site(
        tmp_path, index='<a href="gone.html">x</a><a href="sub/b.html#gone">x</a><img src="gone.png">', sub__b="<p></p>"
    )
    assert broken_references(there) == [
        "index.html: gone.html leads nowhere: there is no such file",
        "index.html: sub/b.html#gone leads nowhere: there is no such place on that page",
        "index.html: gone.png leads nowhere: there is no such file",
    ]


def test_a_link_out_of_the_site_leads_nowhere(tmp_path):
    (tmp_path / "secret.html").write_text("x", encoding="utf-8")
    there = (
        site(tmp_path / "site", index='<a href="../secret.html">x</a>') if (tmp_path / "site").mkdir() is None else None
    )
    assert broken_references(there) == ["index.html: ../secret.html leads nowhere: there is no such file"]
