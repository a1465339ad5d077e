"""What every page has: headers, scripts, night mode."""

from typing import TYPE_CHECKING

import pytest
from django.test import Client

from tests.tasks.diary import text_of

if TYPE_CHECKING:
    pass

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("ten_in_the_morning")]


class TestEveryPage:
    def test_is_kept_out_of_caches_and_frames(self, page: Client) -> None:
        response = page.get("/wards/byron/diary/")
        assert response["Cache-Control"] == "no-store"
        assert response["X-Frame-Options"] == "DENY"
        assert response["X-Content-Type-Options"] == "nosniff"
        assert response["Referrer-Policy"] == "same-origin"

    def test_runs_only_scripts_that_carry_the_pages_nonce(self, page: Client) -> None:
        response = page.get("/wards/byron/diary/")
        policy = response["Content-Security-Policy"]
        nonce = policy.split("'nonce-")[1].split("'")[0]
        text = response.content.decode()
        assert text.count("<script") == text.count(f'nonce="{nonce}"')
        assert "unsafe" not in policy
        assert "default-src 'none'" in policy

    def test_turns_dark_and_bright_again(self, page: Client) -> None:
        assert "hub-night" not in text_of(page).split("<head>")[0]
        page.post("/night-mode/", {"next": "/wards/byron/diary/"})
        assert "hub-night" in text_of(page).split("<head>")[0]
        page.post("/night-mode/", {"next": "/wards/byron/diary/"})
        assert "hub-night" not in text_of(page).split("<head>")[0]

    @pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example", "javascript:1"])
    def test_never_leads_to_another_site(self, page: Client, target: str) -> None:
        assert page.post("/night-mode/", {"next": target})["Location"] == "/"
