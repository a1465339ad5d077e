"""Jinja2 for our own pages."""
from typing import Any
from jinja2 import Environment

def environment(**options: Any) -> Environment:
    return Environment(**options)

def page_context(request: Any) -> dict[str, Any]:
    return {}
