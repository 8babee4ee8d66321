"""Images on request of what moves: an animation stays one where its new format can be one."""

import io

import pytest
import requests
from PIL import Image, ImageSequence

from test_thumbnails_on_request import CHROME, Site, encoded

COLOURS = ["red", "green", "blue", "yellow", "white"]
DURATIONS = [100, 200, 300, 400, 500]


def dance(form, size=(80, 60), colours=COLOURS, **more):
    frames = []
    for colour in colours:
        # A border in another colour: what was cut or squeezed shows.
        frame = Image.new("RGB", size, "black")
        frame.paste(colour, (8, 8, size[0] - 8, size[1] - 8))
        frames.append(frame)
    durations = [DURATIONS[index % len(DURATIONS)] for index in range(len(frames))]
    settings = {"save_all": True, "append_images": frames[1:], "duration": durations, "loop": 3} | more
    return encoded(frames[0], form, **settings)


@pytest.fixture(scope="module")
def site(stack):
    site = Site(stack, "moving-pictures")
    site.put("dance.gif", dance("GIF"), "image/gif")
    site.put("dance.webp", dance("WEBP", lossless=True), "image/webp")
    return site


def check(image, size, loop=3):
    """Every frame is there, in its colour, as long as it was."""
    assert image.n_frames == len(COLOURS)
    at = (size[0] // 2, size[1] // 2)
    durations = []
    for frame, colour in zip(ImageSequence.Iterator(image), COLOURS, strict=True):
        assert frame.size == size
        frame.load()
        durations.append(frame.info["duration"])
        wanted = Image.new("RGB", (1, 1), colour).getpixel((0, 0))
        found = frame.convert("RGB").getpixel(at)
        assert all(abs(a - b) < 30 for a, b in zip(found, wanted, strict=True)), (found, colour)
    assert durations == DURATIONS
    assert image.info["loop"] == loop


@pytest.mark.parametrize("name", ["dance.gif", "dance.webp"])
@pytest.mark.parametrize("form", ["gif", "webp"])
def test_every_frame_is_resized(site, name, form):
    image = site.image(f"{name}?w=40&format={form}")
    assert image.format == form.upper()
    # A GIF says how often it is played again, a WebP how often it is played.
    check(image, (40, 30), loop={("dance.gif", "webp"): 4, ("dance.webp", "gif"): 2}.get((name, form), 3))


@pytest.mark.parametrize(("name", "form"), [("dance.gif", "GIF"), ("dance.webp", "WEBP")])
def test_it_keeps_its_own_format(site, name, form):
    assert site.image(f"{name}?w=40").format == form
    check(site.image(f"{name}?h=30"), (40, 30))
    check(site.image(f"{name}?w=400"), (80, 60))


@pytest.mark.parametrize(
    ("fit", "size"),
    [("cover", (30, 30)), ("fill", (30, 30)), ("contain", (30, 30)), ("inside", (30, 23)), ("outside", (40, 30))])
@pytest.mark.parametrize("name", ["dance.gif", "dance.webp"])
def test_every_fit_is_a_frames_own(site, name, fit, size):
    image = site.image(f"{name}?w=30&h=30&fit={fit}")
    height = {"inside": {22, 23}}.get(fit, {size[1]})
    assert image.size[0] == size[0] and image.size[1] in height
    check(image, image.size)
    if fit == "contain" and name == "dance.gif":
        # The upper edge is empty, of the first frame and of the last. (WebP leaves it out of the frames.)
        for frame in ImageSequence.Iterator(image):
            assert frame.convert("RGBA").getpixel((15, 0))[3] == 0
    if fit == "cover":
        # The sides with their border were cut, above and below it is there.
        image.seek(len(COLOURS) - 1)
        pixels = image.convert("RGB")
        assert min(pixels.getpixel((2, 15))) > 200 and max(pixels.getpixel((15, 1))) < 90


@pytest.mark.parametrize("form", ["jpeg", "png", "avif"])
def test_what_cannot_move_is_the_first_frame(site, form):
    image = site.image(f"dance.gif?w=40&format={form}")
    assert image.size == (40, 30) and getattr(image, "n_frames", 1) == 1
    red, green, blue = image.convert("RGB").getpixel((20, 15))
    assert red > 220 and green < 40 and blue < 40


def test_negotiation_lets_it_move(site):
    image = site.image("dance.gif?w=40&format=auto", Accept=CHROME)
    assert image.format == "WEBP"
    check(image, (40, 30), loop=4)
    image = site.image("dance.gif?w=40&format=auto", Accept="image/png,*/*")
    assert image.format == "GIF"
    check(image, (40, 30))


def test_what_can_be_seen_through_stays_so(site):
    frames = [Image.new("RGBA", (40, 40), (0, 0, 0, 0)) for _ in range(3)]
    for index, frame in enumerate(frames):
        frame.paste((255, 0, 0, 255), (index * 10, 0, index * 10 + 10, 40))
    site.put("ghost.webp", encoded(frames[0], "WEBP", save_all=True, append_images=frames[1:], lossless=True), "image/webp")
    for form in ("webp", "gif"):
        image = site.image(f"ghost.webp?w=20&format={form}")
        assert image.n_frames == 3
        for index, frame in enumerate(ImageSequence.Iterator(image)):
            pixels = frame.convert("RGBA")
            assert pixels.getpixel((index * 5 + 2, 10))[3] > 200 and pixels.getpixel((18, 10))[3] < 60, (form, index)


def test_more_pixels_than_any_image_may_have_are_refused_unless_one_frame_is_enough(site):
    # 120 frames of a million pixels in a file of some hundred KB.
    frames = [Image.new("P", (1000, 1000), index) for index in range(120)]
    out = io.BytesIO()
    frames[0].save(out, "GIF", save_all=True, append_images=frames[1:], duration=50)
    site.put("long.gif", out.getvalue(), "image/gif")
    answer = site.get("long.gif?w=40")
    assert answer.status_code == 422, answer.status_code
    assert "120 frames" in answer.text
    assert site.image("long.gif?w=40&format=jpeg").size == (40, 40)


def test_a_damaged_animation_harms_nobody(site):
    whole = dance("GIF", colours=COLOURS * 4)
    site.put("cut.gif", whole[:len(whole) // 2], "image/gif")
    assert site.get("cut.gif?w=40").status_code in (200, 422)
    check(site.image("dance.gif?w=38&h=30&fit=fill"), (38, 30))


def test_the_api_answers_it_too(site):
    address = site.s3.generate_presigned_url("get_object", Params={"Bucket": site.name, "Key": "dance.gif"})
    assert requests.get(address, timeout=30).headers["Content-Type"] == "image/gif"
    answer = requests.get(f"{site.stack.endpoint}/{site.name}/dance.gif?w=40", timeout=30)
    check(Image.open(io.BytesIO(answer.content)), (40, 30))
