"""Take the picture of a report that the README shows: `make picture` writes reports/cars.png.

Needs the development extra (playwright) and the system's Chromium.
"""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

HERE = Path(__file__).parent
WIDTH, HEIGHT = 1280, 1120


def main() -> None:
    """Photograph the first screen of reports/cars.html, in light colours."""
    chromium = os.environ.get("CHROMIUM") or shutil.which("chromium")
    if chromium is None:
        sys.exit("chromium is not installed: apt-get install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page(viewport={"width": WIDTH, "height": HEIGHT}, color_scheme="light")
        page.goto((HERE / "cars.html").as_uri())
        page.screenshot(path=HERE / "cars.png")
        browser.close()


if __name__ == "__main__":
    main()
