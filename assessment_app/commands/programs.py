"""Programs beside our own: where they are, and what to install when they are not."""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping
from pathlib import Path

from assessment_app.platform.settings import SettingsError


def found(packages: Mapping[str, str], what_for: str) -> dict[str, str]:
    """Find programs, each with the Debian package it comes from; refuses with SettingsError, naming all missing ones.

    Of PostgreSQL's the newest: its programs read what an older one wrote, never the other way round.
    """
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parts[-2]), reverse=True)
    where = os.pathsep.join([*map(str, debian), os.environ.get("PATH", ""), "/usr/sbin", "/usr/bin"])
    paths = {name: shutil.which(name, path=where) for name in packages}
    missing = sorted({packages[name] for name, path in paths.items() if path is None})
    if missing:
        raise SettingsError(
            f"{what_for} needs programs that are not installed: {', '.join(missing)}. On Debian: "
            f"sudo apt-get install --no-install-recommends {' '.join(missing)}   or as root: scripts/services"
        )
    return {name: path for name, path in paths.items() if path}
