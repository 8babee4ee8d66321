"""A page with `<img srcset>` of images made to measure, as a browser shows it: Chromium, without a window."""

import html
import json
import os
import re
import shutil
import subprocess

import pytest

from test_thumbnails_animated import dance
from test_thumbnails_on_request import Site, encoded, picture

PROGRAMS = ["chromium", "chromium-browser", "google-chrome", "chrome"]
BROWSER = os.environ.get("APUS_BROWSER") or next(filter(None, map(shutil.which, PROGRAMS)), None)
pytestmark = pytest.mark.skipif(not BROWSER, reason="needs Chromium (Debian's `chromium`), or `APUS_BROWSER`")

# What the browser chose, and how many pixels that has when it is shown by itself.
PAGE = """<!doctype html><meta charset="utf-8"><title>Album</title>
{images}
<script>
const natural = address => new Promise((done, failed) => {{
  const image = new Image()
  image.onload = () => done([image.naturalWidth, image.naturalHeight])
  image.onerror = () => failed(new Error(address))
  image.src = address
}})
addEventListener('load', async () => {{
  const found = {{}}
  for (const image of document.querySelectorAll('img')) {{
    found[image.id] = {{address: image.currentSrc, complete: image.complete, size: await natural(image.currentSrc)}}
  }}
  const types = performance.getEntriesByType('resource').filter(one => one.initiatorType === 'img')
  document.body.insertAdjacentHTML('beforeend', '<pre id="found"></pre>')
  document.getElementById('found').textContent = JSON.stringify({{found, types: types.map(one => one.contentType)}})
}})
</script>"""


def image(name, width, source="photo.jpg"):
    sizes = ", ".join(f"{source}?w={w}&amp;format=auto {w}w" for w in (320, 640, 1280))
    return f'<img id="{name}" sizes="{width}px" srcset="{sizes}" src="{source}?w=320" alt="">'


@pytest.fixture(scope="module")
def site(stack):
    site = Site(stack, "album-in-a-browser", tag="w=320:640:1280 format=auto:avif:webp:jpeg")
    site.put("photo.jpg", encoded(picture(1600, 1200), "JPEG", quality=90))
    site.put("dance.gif", dance("GIF", size=(1600, 1200)), "image/gif")
    # A page for each: an image that is there already is taken where a smaller one would do.
    for name, width in (("small", 300), ("large", 1200)):
        images = [image(name, width), image("moving", width, "dance.gif")]
        site.put(f"{name}.html", PAGE.format(images="\n".join(images)).encode(), "text/html")
    return site


def show(site, page, profile, scale):
    port = site.stack.endpoint.rsplit(":", 1)[1]
    done = subprocess.run(
        [BROWSER, "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run",
         f"--user-data-dir={profile}", "--host-resolver-rules=MAP *.localhost 127.0.0.1", "--no-proxy-server",
         f"--force-device-scale-factor={scale}", "--virtual-time-budget=60000", "--dump-dom",
         f"http://{site.name}.s3-website.localhost:{port}/{page}.html"],
        capture_output=True, text=True, timeout=180, check=False)
    said = re.search(r'<pre id="found">(\{.*?)</pre>', done.stdout, re.DOTALL)
    assert said, f"{done.stdout[-2000:]}\n{done.stderr[-2000:]}"
    return json.loads(html.unescape(said.group(1)))


@pytest.mark.parametrize(("page", "scale", "width"), [("small", 1, 320), ("large", 1, 1280), ("small", 2, 640)])
def test_a_browser_takes_the_size_it_needs_in_the_format_it_likes_best(site, tmp_path, page, scale, width):
    shown = show(site, page, tmp_path, scale)
    for name in (page, "moving"):
        found = shown["found"][name]
        assert found["complete"] and f"?w={width}&format=auto" in found["address"], found
        assert found["size"] == [width, width * 3 // 4], found
    # What the browser says of itself when it asks for an image decided: AVIF, and WebP of what moves.
    assert {kind for kind in shown["types"] if kind} <= {"image/avif", "image/webp"}
