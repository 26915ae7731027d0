"""A picture is what it claims to be, and can do nothing but be seen."""

import base64
import struct
import zlib

import msgspec
import pytest

from item_bank.pictures import JPEG, PNG, SVG, Image, Picture

OPEN = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 10 10">'


def chunk(name, content=b""):
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))


HEADER = chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0))
WHOLE_PNG = b"\x89PNG\r\n\x1a\n" + HEADER + chunk(b"IDAT", zlib.compress(b"\0\0")) + chunk(b"IEND")
FRAME = b"\xff\xc0" + struct.pack(">H", 11) + b"\x08\0\x01\0\x01\x01\x01\x11\0"
SCAN = b"\xff\xda" + struct.pack(">H", 8) + b"\x01\x01\0\0\x3f\0" + b"\x12\xff\xd9"
WHOLE_JPEG = b"\xff\xd8" + FRAME + SCAN


def read(media, data):
    document = {"media": media, "width": 10, "height": 10, "data": data}
    return msgspec.convert(document, Image)


def photograph(media, content):
    return read(media, base64.b64encode(content).decode())


def test_pictures_of_each_kind_are_taken():
    assert read(SVG, f'{OPEN}<g fill="none" stroke="currentColor"><path d="M1 1L9 9"/></g></svg>').media == SVG
    assert read(SVG, OPEN + "<g>" * 39 + "</g>" * 39 + "<g/>" * 100 + "</svg>").media == SVG
    assert photograph(PNG, WHOLE_PNG).media == PNG
    assert photograph(JPEG, WHOLE_JPEG).media == JPEG


@pytest.mark.parametrize(
    ("drawing", "told"),
    [
        (f"{OPEN}<script>alert(1)</script></svg>", "it has <script>"),
        (f'{OPEN}<circle r="1" onload="x"/></svg>', "<circle> has 'onload'"),
        (f'{OPEN}<rect style="fill:red"/></svg>', "<rect> has 'style'"),
        (f'{OPEN}<image href="a.png"/></svg>', "it has <image>"),
        (f'{OPEN}<rect fill="url(#a)"/></svg>', "'fill' of <rect>"),
        (f'{OPEN}<rect fill="https://a.id/x"/></svg>', "'fill' of <rect>"),
        (f'{OPEN}<foreignObject/></svg>', "it has <foreignObject>"),
        (f'{OPEN}<a xmlns="http://www.w3.org/1999/xhtml"/></svg>', "it has <a>"),
        ('<svg xmlns:x="http://www.w3.org/1999/xlink" xmlns="http://www.w3.org/2000/svg" x:href="a"/>', "<svg> has"),
        (f"{OPEN}<?php echo?></svg>", "instructions to programs"),
        (f"<!DOCTYPE svg [<!ENTITY a 'b'>]>{OPEN}</svg>", "nothing before it"),
        (f"{OPEN}<circle></svg>", "no well-formed SVG"),
        (f"{OPEN}</svg><svg/>", "no well-formed SVG"),
        ("<svg viewBox='0 0 1 1'/>", "it has <svg>"),
        (OPEN + "<g>" * 30_000 + "</svg>", "at most 60000 characters"),
        (OPEN + "<g>" * 40 + "</g>" * 40 + "</svg>", "more than 40 deep in one another"),
        (OPEN + "<g>" * 7000 + "</g>" * 7000 + "</svg>", "more than 40 deep in one another"),
    ],
)  # fmt: skip
def test_a_drawing_that_could_do_more_than_be_seen_is_refused(drawing, told):
    with pytest.raises(msgspec.ValidationError, match="the picture cannot be used") as refused:
        read(SVG, drawing)
    assert told in str(refused.value)


@pytest.mark.parametrize(
    ("media", "content"),
    [
        (PNG, b"GIF89a"), (PNG, WHOLE_JPEG), (JPEG, WHOLE_PNG), (PNG, WHOLE_PNG[:-1]), (PNG, WHOLE_PNG + b"<script>"),
        (PNG, WHOLE_PNG.replace(b"IDAT", b"IDOT")), (PNG, b""), (JPEG, b"\xff\xd8\xff\xd9"), (JPEG, WHOLE_JPEG[:-1]),
        (JPEG, b"\xff\xd8" + SCAN), (PNG, b"\x89PNG\r\n\x1a\n" + chunk(b"IDAT") + chunk(b"IEND")),
    ],
)  # fmt: skip
def test_a_picture_that_is_not_one_is_refused(media, content):
    with pytest.raises(msgspec.ValidationError, match=r"the picture cannot be used: it is no whole|length >= 1"):
        photograph(media, content)


def test_data_that_is_no_base64_is_refused():
    with pytest.raises(msgspec.ValidationError, match="not base64"):
        read(PNG, "tidak ada gambar di sini!")


def test_a_picture_of_the_stem_needs_its_description():
    with pytest.raises(msgspec.ValidationError, match="missing required field `text`"):
        msgspec.convert({"media": SVG, "width": 1, "height": 1, "data": f"{OPEN}</svg>"}, Picture)
