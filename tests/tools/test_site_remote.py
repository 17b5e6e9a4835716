import pytest

from tools.site.remote import remote_loads


@pytest.mark.parametrize(
    "html",
    [
        '<script src="https://a.example/x.js"></script>',
        '<link rel="stylesheet" href="//a.example/x.css">',
        '<img srcset="small.png 1x, https://a.example/large.png 2x">',
        "<style>@import 'https://a.example/x.css';</style>",
        '<div style="background: url(https://a.example/x.png)"></div>',
        '<script type="module">import x from "https://a.example/x.mjs"</script>',
        '<iframe srcdoc="&lt;script src=&quot;//a.example/x.js&quot;&gt;&lt;/script&gt;"></iframe>',
    ],
)
def test_loads_are_seen(html):
    assert len(remote_loads(html)) == 1


@pytest.mark.parametrize(
    "html",
    [
        '<a href="https://huggingface.co">go</a>',
        '<img src="data:image/png;base64,aa//bb">',
        '<svg xmlns="http://www.w3.org/2000/svg"></svg>',
        "<pre>curl https://a.example</pre>",
        '<script>// see https://a.example\nfetch("data.json")</script>',
    ],
)
def test_what_is_no_load_is_left_alone(html):
    assert remote_loads(html) == []
