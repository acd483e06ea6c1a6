"""The element in Firefox and in WebKit: the same page and server as the Chromium tests."""

from __future__ import annotations

import asyncio
import json
import shutil
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

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
    pytest.mark.asyncio(loop_scope="module"),
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

# Keys as WebDriver names them.
ENTER, TAB, DOWN = "\ue007", "\ue004", "\ue015"
ROOM = "document.querySelector('openai-chatkit').shadowRoot"
ANSWER = "document.querySelector('openai-chatkit').shadowRoot.querySelector('[part~=assistant-message]')?.textContent"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
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


@pytest_asyncio.fixture(scope="module", loop_scope="module", params=ENGINES)
async def page(request: pytest.FixtureRequest) -> AsyncIterator[Page]:
    started = firefox(FIREFOX or "") if request.param == "firefox" else webkit(WEBKIT or "")
    async with started as opened:
        yield opened


async def _open(page: Page, address: str, options: str = "{}") -> None:
    await page.open(address)
    await page.run(f"open_({options})")


async def _say(page: Page, text: str) -> None:
    await page.run("document.querySelector('openai-chatkit').focusComposer()")
    await page.type(text + ENTER)


async def _until(page: Page, condition: str) -> None:
    """Waits inside the page, on changes of the document, until that is true."""
    await page.run(
        f"""new Promise((resolve, reject) => {{
          const root = {ROOM};
          const met = () => {condition};
          if (met()) return resolve();
          const watch = new MutationObserver(() => met() && (watch.disconnect(), resolve()));
          watch.observe(root, {{ subtree: true, childList: true, characterData: true, attributes: true }});
          setTimeout(() => reject(new Error('never: ' + root.textContent.slice(-400))), 15000);
        }})"""
    )


async def _answered(page: Page, text: str) -> None:
    """Waits until the assistant has said that."""
    await _until(
        page,
        "[...root.querySelectorAll('[part~=assistant-message]')].some("
        f"(message) => message.textContent.includes({json.dumps(text)}))",
    )


async def _thread(page: Page) -> str:
    return await page.run("heard.find((one) => one.name === 'thread.change').detail.threadId")


async def test_a_conversation_under_a_strict_policy_leaves_no_violation(page: Page, server: str) -> None:
    await _open(page, f"{server}/page/chat?strict")
    await _say(page, "say **bold** and a list|widget|say done")
    await _answered(page, "done")
    await _until(page, "root.textContent.includes('A card')")
    assert await page.run("heard.filter((one) => one.name === 'error')") == []
    assert await page.run("violations") == []


async def test_a_reload_in_the_middle_of_an_answer_continues_it(page: Page, server: str) -> None:
    await _open(page, f"{server}/page/chat")
    await _say(page, "say first half|gate g|say second half")
    await _answered(page, "first half")
    thread = await _thread(page)
    await _open(page, f"{server}/page/chat", f"{{ initialThread: {json.dumps(thread)} }}")
    await _answered(page, "first half")
    await page.run("fetch('/_test/gate?name=g').then(() => null)")
    await _answered(page, "first half second half")
    assert (await page.run(ANSWER)).count("first half") == 1


FORM = {
    "type": "Card",
    "children": [
        {
            "type": "Form",
            "onSubmitAction": {"type": "save", "payload": {"script": 'complain {"guest.name": "Taken"}'}},
            "children": [
                {"type": "Input", "name": "guest.name", "required": True},
                {"type": "Textarea", "name": "wishes"},
                {"type": "Checkbox", "name": "news", "label": "News"},
                {
                    "type": "Select",
                    "name": "seat",
                    "options": [{"value": "w", "label": "Window"}, {"value": "a", "label": "Aisle"}],
                },
                {"type": "DatePicker", "name": "day", "defaultValue": "2026-02-14"},
                {"type": "Button", "label": "Save", "submit": True},
            ],
        }
    ],
}


async def test_a_form_is_filled_by_keyboard_refused_sent_and_kept_over_a_reload(
    page: Page, server: str
) -> None:
    await _open(page, f"{server}/page/chat")
    await page.run("fetch('/_test/reset').then(() => null)")
    await _say(page, f"draw {json.dumps(FORM)}")
    await _until(page, "root.querySelector('[name=\"guest.name\"]')")
    thread = await _thread(page)
    await page.run(f"{ROOM}.querySelector('[name=\"guest.name\"]').focus()")
    await page.type(ENTER)  # Refused: the name is required.
    await page.type("Ann" + TAB + "A quiet room" + TAB + " " + TAB)
    await page.type(DOWN)  # Opens the menu of seats.
    await _until(page, "root.querySelector('[role=listbox]')")
    await page.type(DOWN + ENTER)
    await _until(page, "root.querySelector('.w-select button').textContent.includes('Aisle')")
    await page.run(f"{ROOM}.querySelector('[name=\"guest.name\"]').focus()")
    await page.type(ENTER)
    await _until(page, "root.querySelector('.w-field-error')?.textContent === 'Taken'")
    assert await page.run(f"{ROOM}.activeElement.name") == "guest.name"
    sent = await page.run(
        "fetch('/_test/requests').then((answer) => answer.json()).then((all) => all"
        ".map((one) => JSON.parse(one.body || '{}')).filter((one) => one.type === 'threads.custom_action')"
        ".map((one) => one.params.action.payload))"
    )
    values = {
        "guest": {"name": "Ann"},
        "wishes": "A quiet room",
        "news": True,
        "seat": "a",
        "day": "2026-02-14",
    }
    assert [{name: one[name] for name in values} for one in sent] == [values]

    await _open(page, f"{server}/page/chat", f"{{ initialThread: {json.dumps(thread)} }}")
    await _until(page, "root.querySelector('[name=\"guest.name\"]')?.value === 'Ann'")
    assert await page.run(f"{ROOM}.querySelector('.w-select button').textContent") == "Aisle"
    assert await page.run("heard.filter((one) => one.name === 'error')") == []
