"""The static files, collected anew only when one of them has changed."""

from collections.abc import Iterator
from hashlib import blake2b
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command


def collect_if_changed() -> bool:
    """Collect the static files unless they are those collected last; say whether it did."""
    root = Path(settings.STATIC_ROOT)
    stamp = root.with_suffix(".stamp")
    current = _fingerprint()
    if root.is_dir() and stamp.exists() and stamp.read_text() == current:
        return False
    # From scratch: Django would keep a copy that is younger than the file, even if they differ.
    call_command("collectstatic", clear=True, interactive=False, verbosity=0)
    stamp.write_text(current)
    return True


def _fingerprint() -> str:
    """Return a text that differs when a file, or the way in which files are stored, differs."""
    facts = [settings.STORAGES["staticfiles"]["BACKEND"], *sorted(_files())]
    return blake2b("\n".join(facts).encode(), digest_size=16).hexdigest()


def _files() -> Iterator[str]:
    for finder in get_finders():
        for name, storage in finder.list([]):
            facts = Path(storage.path(name)).stat()
            yield f"{name} {facts.st_size} {facts.st_mtime_ns}"
