from packaging.requirements import Requirement

from tools.requirements_in_step import asked_for, compare, main, pins

ASKED = [Requirement("django~=5.2.19")]
PINNED = """\
asgiref==3.13.0 \\
    --hash=sha256:0123
django==5.2.19 \\
    --hash=sha256:4567
sqlparse==0.5.5 \\
    --hash=sha256:89ab
tzdata==2026.6 ; sys_platform == 'win32' \\
    --hash=sha256:cdef
"""


def test_this_projects_files_are_in_step() -> None:
    assert main() == 0


def test_pins_of_other_systems_do_not_count() -> None:
    assert sorted(pins(PINNED)) == ["asgiref", "django", "sqlparse"]


def test_in_step() -> None:
    assert list(compare(ASKED, pins(PINNED))) == []


def test_a_pin_is_missing() -> None:
    assert list(compare(ASKED, pins(PINNED.replace("asgiref", "redis")))) == [
        "lacks asgiref",
        "pins redis, which nothing needs",
    ]


def test_a_pin_is_another_version() -> None:
    assert list(compare(ASKED, pins(PINNED.replace("5.2.19", "5.1.0")))) == [
        "pins django==5.1.0, but pyproject.toml asks for django~=5.2.19"
    ]


def test_a_group_includes_another() -> None:
    project = {
        "project": {"dependencies": ["django"]},
        "dependency-groups": {"demo": ["redis"], "dev": [{"include-group": "demo"}, "pytest"]},
    }
    assert [str(each) for each in asked_for(project, None)] == ["django"]
    assert [str(each) for each in asked_for(project, "dev")] == ["django", "pytest", "redis"]
