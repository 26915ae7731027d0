"""Safe Exam Browser: the file that configures it, and the hashes by which it proves that it is so configured.

Written after the public documentation of the format (safeexambrowser.org/developer, pages Config Key, File Format and
Integration). Pure: no framework, no clock, no chance.

What it proves is bounded. The Config Key follows from the settings alone, so whoever holds the file can compute it and
play the browser. Only a Browser Exam Key, which hashes the program as well, is hard to make up; an installation that
needs that enters the keys of the versions it has handed out.
"""

from __future__ import annotations

import hashlib
import hmac
import plistlib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias
from urllib.parse import urlsplit

MEDIA_TYPE = "application/seb"
"""What the browser's own documentation has servers send; a computer that knows it opens the file by itself."""

NOT_HASHED = "originatorVersion"
"""Says which program wrote a file; the only setting that the Config Key leaves out."""

Setting: TypeAlias = "str | bool | int | list[Setting] | dict[str, Setting]"

IN_AN_EXAM: Mapping[str, Setting] = {
    # One window over the whole screen, without a way to another page, program or picture of the screen.
    "browserViewMode": 1, "enableBrowserWindowToolbar": False, "browserWindowShowURL": 0, "showMenuBar": False,
    "newBrowserWindowByLinkPolicy": 0, "newBrowserWindowByScriptPolicy": 0, "allowBrowsingBackForward": False,
    "URLFilterEnable": True, "URLFilterEnableContentFilter": False, "allowSwitchToApplications": False,
    "enablePrintScreen": False, "enableRightMouse": False, "enableAltTab": False, "enableAltF4": False,
    "enableCtrlEsc": False, "enableEsc": True, "enableStartMenu": False, "enableF12": False, "ignoreExitKeys": True,
    "allowSpellCheck": False, "allowDictionaryLookup": False, "allowDictation": False, "allowSiri": False,
    "allowScreenSharing": False, "allowDisplayMirroring": False, "allowVirtualMachine": False,
    "allowPreferencesWindow": False, "createNewDesktop": True, "monitorProcesses": True,
    # What the player needs: help by F1, reload, zoom, the clock, and the file of unsent answers.
    "enableF1": True, "enableF5": True, "browserWindowAllowReload": True, "showReloadButton": True,
    "showReloadWarning": False, "enableZoomPage": True, "enableZoomText": True, "showTaskBar": True, "showTime": True,
    "allowDownUploads": True, "openDownloads": False, "enableJavaScript": True, "audioControlEnabled": True,
    # Answers that are still on this computer, and the name of the device, outlive a crash of the browser.
    "removeBrowserProfile": False, "removeLocalStorage": False, "examSessionClearCookiesOnStart": False,
    "examSessionClearCookiesOnEnd": False,
    # Proof by header, and by script in the engine that can send no header.
    "sendBrowserExamKey": True, "browserWindowWebView": 3, "sebConfigPurpose": 0, "quitURLConfirm": True,
}  # fmt: skip
"""Settings that every exam of ours has; what differs by wave is added by ``exam_settings``."""


def exam_settings(address: str, quit_password: str) -> dict[str, Setting]:
    """Write the settings for an exam at the server's public ``address`` (no slash at its end).

    Only pages of that server open; who knows the password can leave.
    """
    return dict(IN_AN_EXAM) | {
        "startURL": f"{address}/", "allowQuit": True,
        "hashedQuitPassword": hashlib.sha256(quit_password.encode()).hexdigest(),
        "URLFilterRules": [{"action": 1, "active": True, "expression": f"{urlsplit(address).netloc}/*",
                            "regex": False}],
    }  # fmt: skip


def file_of(settings: Mapping[str, Setting], writer: str) -> bytes:
    """Write a ``.seb`` file: a plain property list, which every version opens without a password."""
    return plistlib.dumps({**settings, NOT_HASHED: writer}, fmt=plistlib.FMT_XML)


def config_key(settings: Mapping[str, Setting]) -> str:
    """Compute the Config Key: 64 hex digits, the same in every version of the browser.

    Refuses with TypeError what no setting of ours is: real numbers, data and dates.
    """
    counted = {name: value for name, value in settings.items() if name != NOT_HASHED}
    return hashlib.sha256(_written(counted).encode()).hexdigest()


def _written(value: Any) -> str:
    """Write what the documentation calls SEB-JSON: sorted without regard to case, no spaces, and nothing escaped."""
    if isinstance(value, bool):  # before int, which it is too
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, Mapping):
        pairs = sorted(((name, one) for name, one in value.items() if one != {}), key=lambda pair: pair[0].lower())
        return "{" + ",".join(f'"{name}":{_written(one)}' for name, one in pairs) + "}"
    if isinstance(value, list | tuple):
        return "[" + ",".join(map(_written, value)) + "]"
    if isinstance(value, str):
        return f'"{value}"'
    raise TypeError(f"no setting of ours is a {type(value).__name__}")


def url_hash(url: str, key: str) -> str:
    """Hash a key for one address, as the browser sends it: the fragment is no part of the address."""
    return hashlib.sha256((url.partition("#")[0] + key).encode()).hexdigest()


@dataclass(frozen=True)
class Proof:
    """What a browser showed for one address: hashes in hex, empty where it showed none."""

    url: str
    config: str = ""
    exam: str = ""

    def holds(self, key: str, exam_keys: Collection[str]) -> bool:
        """Tell whether it was made with the Config Key, and with one of the Browser Exam Keys if there are any."""
        return _same(self.config, [url_hash(self.url, key)]) and (
            not exam_keys or _same(self.exam, [url_hash(self.url, one) for one in exam_keys])
        )


def _same(shown: str, wanted: Iterable[str]) -> bool:
    """Compare with each in constant time; what is no ASCII is no hash."""
    return any(hmac.compare_digest(shown.lower().encode(), one.encode()) for one in wanted)


def link(address: str) -> str:
    """Turn the address of a ``.seb`` file into one that opens it in the browser: ``seb:`` for http, ``sebs:`` else."""
    scheme, rest = address.split("://", 1)
    return f"{'seb' if scheme == 'http' else 'sebs'}://{rest}"
