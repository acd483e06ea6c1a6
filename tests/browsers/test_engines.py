"""The element in Firefox and in WebKit: the same page and server as the Chromium tests."""

from __future__ import annotations

import asyncio
import json
import shutil
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from . import bidi
from . import webkit as webkit_driver
from .bidi import firefox
from .webkit import mini_browser, webkit

Page = bidi.Page | webkit_driver.Page

ROOT = Path(__file__).resolve().parents[2]
FIREFOX = shutil.which("firefox-esr") or shutil.which("firefox")
WEBKIT = mini_browser()

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        not (ROOT / "src/chatkit/_static/chatkit.js").is_file(), reason="the web client is not built"
    ),
]
ENGINES = [
    pytest.param(
        "firefox",
        marks=pytest.mark.skipif(
            FIREFOX is None, reason="Firefox is not installed (Debian: apt-get install firefox-esr)"
        ),
    ),
    pytest.param(
        "webkit",
        marks=pytest.mark.skipif(
            WEBKIT is None, reason="WebKit is not installed (Debian: apt-get install webkit2gtk-driver xvfb)"
        ),
    ),
]

ANSWER = "document.querySelector('openai-chatkit').shadowRoot.querySelector('[part~=assistant-message]')?.textContent"


@pytest.fixture
async def server() -> AsyncIterator[str]:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        str(ROOT / "web/e2e/server/ours.py"),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    line = await asyncio.wait_for(process.stdout.readline(), 30)
    yield f"http://127.0.0.1:{line.split()[1].decode()}"
    process.stdin.close()
    await process.wait()


@pytest.fixture(params=ENGINES)
async def page(request: pytest.FixtureRequest) -> AsyncIterator[Page]:
    started = firefox(FIREFOX or "") if request.param == "firefox" else webkit(WEBKIT or "")
    async with started as opened:
        yield opened


async def _say(page: Page, text: str) -> None:
    await page.run("document.querySelector('openai-chatkit').focusComposer()")
    await page.type(text + "\ue007")


async def _answered(page: Page, text: str) -> None:
    """Waits inside the page, on changes of the document, until the assistant has said that."""
    await page.run(
        f"""new Promise((resolve, reject) => {{
          const root = document.querySelector('openai-chatkit').shadowRoot;
          const said = () => [...root.querySelectorAll('[part~=assistant-message]')].some(
            (message) => message.textContent.includes({json.dumps(text)}));
          if (said()) return resolve();
          const watch = new MutationObserver(() => said() && (watch.disconnect(), resolve()));
          watch.observe(root, {{ subtree: true, childList: true, characterData: true }});
          setTimeout(() => reject(new Error('not said: ' + root.textContent.slice(-400))), 15000);
        }})"""
    )


async def test_a_conversation_under_a_strict_policy_leaves_no_violation(page: Page, server: str) -> None:
    await page.open(f"{server}/page/chat?strict")
    await page.run("open_()")
    await _say(page, "say **bold** and a list|widget|say done")
    await _answered(page, "done")
    assert await page.run("heard.filter((one) => one.name === 'error')") == []
    assert await page.run("violations") == []
    assert "A card" in await page.run("document.querySelector('openai-chatkit').shadowRoot.textContent")


async def test_a_reload_in_the_middle_of_an_answer_continues_it(page: Page, server: str) -> None:
    await page.open(f"{server}/page/chat")
    await page.run("open_()")
    await _say(page, "say first half|gate g|say second half")
    await _answered(page, "first half")
    thread = await page.run("heard.find((one) => one.name === 'thread.change').detail.threadId")
    await page.open(f"{server}/page/chat")
    await page.run(f"open_({{ initialThread: {json.dumps(thread)} }})")
    await _answered(page, "first half")
    await page.run("fetch('/_test/gate?name=g').then(() => null)")
    await _answered(page, "first half second half")
    assert (await page.run(ANSWER)).count("first half") == 1
