"""Pictures as files of their own, named by what they hold, so that one shown twice is packed once."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass, field

from item_bank.pictures import JPEG, PNG, SVG, Image
from item_bank.qti.markup import Node, node

FOLDER = "pictures"
ENDINGS = {SVG: "svg", PNG: "png", JPEG: "jpg"}


@dataclass
class Album:
    """The pictures of a package, by the name of their file."""

    files: dict[str, bytes] = field(default_factory=dict)

    def show(self, image: Image, text: str) -> Node:
        """Put a picture into the package and show it, seen from a folder beside it, with its description."""
        name = self.place(image)
        told = {"src": f"../{name}", "alt": text, "width": str(image.width), "height": str(image.height)}
        return node("img", told)

    def place(self, image: Image) -> str:
        """Put a picture into the package and name its file."""
        content = image.data.encode() if image.media == SVG else base64.b64decode(image.data)
        name = f"{FOLDER}/{hashlib.sha256(content).hexdigest()[:16]}.{ENDINGS[image.media]}"
        self.files[name] = content
        return name
