"""What a client sent is shown without what opens anything."""

import pytest

from assurance.payloads import readable

KEY = f"hub_abcdefgh_{'s3cr3t-' * 6}x"
TOKEN = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJtZSJ9.c2lnbmF0dXJl"

SECRETS = {
    "a member that is a key": '{"apiKey": "open sesame"}',
    "a header, copied": '{"headers": {"X-API-Key": "open sesame"}}',
    "a list below a secret": '{"client_secret": ["open sesame"]}',
    "our key anywhere": f'{{"notes": "I use {KEY} for it"}}',
    "a token anywhere": f'{{"notes": "{TOKEN}"}}',
    "what follows Bearer": '{"auth": "Bearer open-sesame"}',
    "a body that was cut off": '{"apiKey": "open sesame, and so on',
    "a body that is no JSON": f"key={KEY}",
    "a secret that is a number in what is cut off": '{"token": 123456, "a": ',
    "a secret as a name": f'{{"{KEY}": 1}}',
}


@pytest.mark.parametrize("payload", SECRETS.values(), ids=SECRETS)
def test_secrets_are_hidden(payload: str) -> None:
    shown = readable(payload)
    assert "(hidden)" in shown
    for secret in ("sesame", KEY, TOKEN, "123456"):
        assert secret not in shown


@pytest.mark.parametrize(
    ("payload", "shown"),
    [
        ('{"keysCounted":3,"notes":"é"}', '{\n  "keysCounted": 3,\n  "notes": "é"\n}'),
        ("no JSON", "no JSON"),
        ("", ""),
        ("[" * 5000, "[" * 5000),
    ],
)
def test_all_else_is_shown(payload: str, shown: str) -> None:
    assert readable(payload) == shown
