"""A visitor pastes the line that the welcome prints."""

import json
import shlex

from django.test import Client


def paste(web: Client, text: str) -> dict[str, object]:
    """Do what the printed curl line does; return the answer."""
    line = next(line for line in text.splitlines() if line.strip().startswith("curl "))
    words = shlex.split(line)
    headers = dict(
        words[place + 1].split(": ", 1) for place, word in enumerate(words) if word == "-H"
    )
    address = next(word for word in words if word.startswith("http"))
    body = words[words.index("-d") + 1]
    response = web.post(
        address.removeprefix("http://testserver"),
        body,
        content_type=headers.pop("Content-Type"),
        headers=headers,
    )
    assert response.status_code == 200, response.content
    return {**json.loads(body), **response.json()}
