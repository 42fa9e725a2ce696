"""Find a Chromium for the browser tests, or get one, or say what to install."""

import functools
import os
import shutil
import subprocess
import sys

from playwright.sync_api import sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome")

# Without these, Chromium asks its maker's hosts for updates at every start. Playwright itself turns
# the sandbox off, which root has to.
LAUNCH_ARGUMENTS = [
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

# The commands that can get one, and how many seconds each may take.
PLAYWRIGHT_DOWNLOAD = ([sys.executable, "-m", "playwright", "install", "chromium"], 240)
DEBIAN_PACKAGE = [
    (["apt-get", "update"], 300),
    (["apt-get", "install", "-y", "--no-install-recommends", "chromium", "fonts-liberation"], 900),
]


def runs(path):
    """Whether it starts: a name may be a stub that only says where to get the real one."""
    try:
        subprocess.run([path, "--version"], check=True, capture_output=True, timeout=60)
    except (OSError, subprocess.SubprocessError):
        return False
    return True


def find():
    """The path of a Chromium that starts, or None."""
    with sync_playwright() as playwright:
        own = playwright.chromium.executable_path
    named = [os.environ.get("CHROMIUM"), *map(shutil.which, NAMES), own]
    return next((path for path in named if path and runs(path)), None)


def attempt(command, seconds):
    print("==>", *command, flush=True)
    try:
        return subprocess.run(command, timeout=seconds).returncode == 0
    except (OSError, subprocess.SubprocessError):
        return False


@functools.cache
def find_or_get():
    """The path of a Chromium that starts; SystemExit, with one line, if there is none to be had."""
    path = find()
    if not path and attempt(*PLAYWRIGHT_DOWNLOAD):
        path = find()
    if not path and os.geteuid() == 0 and all(attempt(*step) for step in DEBIAN_PACKAGE):
        path = find()
    if not path:
        raise SystemExit(
            "The browser tests need Chromium: install the package chromium, or set CHROMIUM to one."
        )
    return path


if __name__ == "__main__":
    print(find_or_get())
