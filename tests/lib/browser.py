"""Plays the browser at a real issuer: follows what it is told, signs in by the issuer's own forms, and comes back."""

import re
from dataclasses import dataclass
from html import unescape
from urllib.parse import parse_qsl, urljoin, urlsplit

import aiohttp

FORM = re.compile(r'<form[^>]* action="([^"]+)"')
QUESTION = re.compile(r'name="prompt" value="(\w+)"')
MOST_STEPS = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class BroughtBack:
    """What the browser brings to the address that it was sent back to."""

    url: str

    def __getitem__(self, name: str) -> str:
        """Return a parameter."""
        return dict(parse_qsl(urlsplit(self.url).query))[name]


async def sign_in(url: str, person: str, redirect: str) -> BroughtBack:
    """Go where the hub says, sign in as a person, agree, and return what comes back; nobody listens there."""
    async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as browser:
        form: dict[str, str] | None = None
        for _ in range(MOST_STEPS):
            method = "GET" if form is None else "POST"
            async with browser.request(method, url, data=form, allow_redirects=False) as page:
                place = page.headers.get("Location")
                text = unescape(await page.text())
            if place is not None:
                url, form = urljoin(url, place), None
                if url.startswith(redirect):
                    return BroughtBack(url=url)
                continue
            question, action = QUESTION.search(text), FORM.search(text)
            if question is None or action is None:
                raise AssertionError(f"The issuer shows no form but {page.status}: {text[:200]}")
            url, form = action[1], {"prompt": question[1], "login": person, "password": "anything"}
    raise AssertionError("The issuer sends the browser round and round.")
