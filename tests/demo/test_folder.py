from base64 import urlsafe_b64decode
from pathlib import Path

import dj_database_url
import pytest
from dotenv import dotenv_values

from demo.console import Problem
from demo.folder import (
    Demo,
    chosen_demo,
    claimed,
    empty_folder,
    environment_of_programs,
    write_environment,
)


@pytest.fixture
def demo(tmp_path: Path) -> Demo:
    return Demo(tmp_path / "data", port=8000, tier="max_plus")


def settings_see(demo: Demo) -> dict[str, str]:
    """Read `hub.env` with the library that the settings use."""
    return {name: value or "" for name, value in dotenv_values(demo.environment_file).items()}


class TestChoices:
    def test_defaults(self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
        monkeypatch.chdir(tmp_path)
        assert chosen_demo({}) == Demo(tmp_path / "var", 8000, "max_plus")

    @pytest.mark.parametrize(
        ("port", "tier", "ports"),
        [
            (8000, "max_plus", [8000, 40700, 41700]),
            (8001, "max_plus", [8001, 40701, 41701]),
            (60000, "max_plus", [60000, 28188, 29188]),
            (8000, "max", [8000]),
        ],
    )
    def test_the_simulator_s_ports_follow_the_demo_s(
        self, port: int, tier: str, ports: list[int]
    ) -> None:
        assert chosen_demo({"PORT": str(port), "HUB_TIER": tier}).ports == ports

    def test_a_persons_own(self) -> None:
        environ = {"HUB_DATA": "/srv/demo", "PORT": "8123", "HUB_TIER": "light"}
        assert chosen_demo(environ) == Demo(Path("/srv/demo"), 8123, "light")

    @pytest.mark.parametrize("port", ["0", "65536", "-1", "http", "8000.0", "²"])
    def test_a_port_that_is_none(self, port: str) -> None:
        with pytest.raises(Problem, match=r"choose a number from 1 to 65535"):
            chosen_demo({"PORT": port})

    def test_a_tier_that_does_not_exist(self) -> None:
        with pytest.raises(Problem, match="choose one of light, medium, max, max_plus"):
            chosen_demo({"HUB_TIER": "gold"})

    @pytest.mark.parametrize("letter", ["x", "é"])
    def test_a_path_too_long_for_a_socket(self, letter: str) -> None:
        longest = 107 - len("/") - len("/redis.sock")  # bytes
        fits = "/" + letter * (longest // len(letter.encode()))
        assert chosen_demo({"HUB_DATA": fits}).folder == Path(fits)
        with pytest.raises(Problem, match="too long"):
            chosen_demo({"HUB_DATA": fits + letter})


class TestTheFolder:
    def test_is_made_for_its_owner_alone(self, demo: Demo) -> None:
        with claimed(demo):
            assert demo.folder.stat().st_mode & 0o777 == 0o700

    def test_holds_one_demo_at_a_time(self, demo: Demo) -> None:
        with (
            claimed(demo),
            pytest.raises(Problem, match=f"A demo runs on {demo.folder} already"),
            claimed(demo),
        ):
            pass
        with claimed(demo):
            pass

    def test_is_not_a_strangers(self, demo: Demo) -> None:
        demo.folder.mkdir()
        (demo.folder / "thesis.txt").touch()
        with pytest.raises(Problem, match="not empty and holds no demo"), claimed(demo):
            pass
        assert [path.name for path in demo.folder.iterdir()] == ["thesis.txt"]

    def test_cannot_be_a_file(self, demo: Demo) -> None:
        demo.folder.touch()
        with pytest.raises(Problem, match="File exists"), claimed(demo):
            pass

    def test_is_emptied_but_for_what_links_lead_to(self, demo: Demo, tmp_path: Path) -> None:
        elsewhere = tmp_path / "elsewhere"
        elsewhere.mkdir()
        (elsewhere / "kept").touch()
        with claimed(demo):
            write_environment(demo)
            (demo.folder / "log").mkdir()
            (demo.folder / "log" / "web.log").touch()
            (demo.folder / "link").symlink_to(elsewhere)
            empty_folder(demo)
        assert [path.name for path in demo.folder.iterdir()] == ["demo.lock"]
        assert (elsewhere / "kept").exists()


class TestTheEnvironment:
    @pytest.fixture(autouse=True)
    def folder(self, demo: Demo) -> None:
        demo.folder.mkdir()

    def test_is_what_the_settings_read(self, demo: Demo) -> None:
        write_environment(demo)
        values = settings_see(demo)
        keys = {values.pop("HUB_SECRET_KEY"), values.pop("HUB_AUDIT_KEY")}
        assert [len(key) for key in keys] == [64, 64]
        assert len(urlsafe_b64decode(values.pop("HUB_ENCRYPTION_KEYS"))) == 32
        assert values == {
            "HUB_DEMO": "true",
            "HUB_STATIC_STORAGE": "django.contrib.staticfiles.storage.ManifestStaticFilesStorage",
            "HUB_TIER": "max_plus",
            "DATABASE_URL": f"sqlite:///{demo.folder}/hub.sqlite3",
            "REDIS_URL": f"unix://{demo.folder}/redis.sock",
            "HUB_ALLOWED_HOSTS": "127.0.0.1,localhost",
            "HUB_BASE_URL": "http://127.0.0.1:8000",
        }

    def test_is_for_its_owner_alone(self, demo: Demo) -> None:
        write_environment(demo)
        assert demo.environment_file.stat().st_mode & 0o777 == 0o600

    def test_keeps_its_keys_and_what_a_person_added(self, demo: Demo) -> None:
        first = write_environment(demo)
        with demo.environment_file.open("a") as file:
            file.write("# ours\nHUB_ORGANISATION_NAME='Dale = Fell'\n")
        later = write_environment(Demo(demo.folder, port=8001, tier="light"))
        assert later["HUB_SECRET_KEY"] == first["HUB_SECRET_KEY"]
        assert later["HUB_AUDIT_KEY"] == first["HUB_AUDIT_KEY"]
        assert later["HUB_ENCRYPTION_KEYS"] == first["HUB_ENCRYPTION_KEYS"]
        assert later["HUB_TIER"] == "light"
        assert later["HUB_BASE_URL"] == "http://127.0.0.1:8001"
        assert settings_see(demo)["HUB_ORGANISATION_NAME"] == "Dale = Fell"

    def test_is_not_overruled_by_the_shell(self, demo: Demo) -> None:
        shell = {"DATABASE_URL": "postgres://live/hub", "HUB_DATA": "var", "LANG": "C"}
        assert environment_of_programs(demo, shell) == {"HUB_DATA": str(demo.folder), "LANG": "C"}

    def test_bears_any_folder_name(self, tmp_path: Path) -> None:
        demo = Demo(tmp_path / "my #1 wärd 50%", port=8000, tier="max_plus")
        demo.folder.mkdir()
        write_environment(demo)
        database = dj_database_url.parse(settings_see(demo)["DATABASE_URL"])
        assert database["NAME"] == str(demo.folder / "hub.sqlite3")
