"""Checking requests against the schemas that GetXSDFiles wrote (specification: GetXSDFiles).

The schemas are the organisation's own: they know its task types, letter types and groups.
"""

import threading
from pathlib import Path

from lxml import etree

from systmone.protocol.dialect import same_function
from systmone.protocol.documents import Element
from systmone.protocol.errors import InvalidRequest


class Schemas:
    """The schemas in one folder, named as SystmOne names them: `GetFunctions v1.0.xsd`.

    Each is read when it is first needed. A function without a file is not checked.
    """

    def __init__(self, folder: Path) -> None:
        if not folder.is_dir():
            raise NotADirectoryError(f"{folder} is no folder with SystmOne's XSD files")
        self._folder = folder
        self._read: dict[tuple[str, str], etree.XMLSchema | None] = {}
        self._turn = threading.Lock()  # a schema keeps the faults of its last document in itself

    def check(self, request: Element) -> None:
        """Raise InvalidRequest unless `request`, a whole document, fits its function's schema."""
        function = request.findtext("Function", default="")
        version = request.findtext("FunctionVersion", default="")
        with self._turn:
            schema = self._schema(function, version)
            if schema is not None and not schema.validate(request):
                fault = schema.error_log[0]
                raise InvalidRequest(
                    _short(fault.path or ""),
                    f"GetXSDFiles, {function}",
                    "does not fit the schema that SystmOne wrote",
                    fault.message,
                )

    def _schema(self, function: str, version: str) -> etree.XMLSchema | None:
        if (function, version) not in self._read:
            self._read[function, version] = self._read_schema(function, version)
        return self._read[function, version]

    def _read_schema(self, function: str, version: str) -> etree.XMLSchema | None:
        for path in self._folder.glob("*.xsd"):
            named, _, of = path.stem.partition(" v")
            if of == version and same_function(named, function):
                return _schema_in(path)
        return None


def _schema_in(path: Path) -> etree.XMLSchema:
    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    try:
        return etree.XMLSchema(etree.parse(path, parser))
    except etree.LxmlError as error:
        raise InvalidRequest(
            path.name, "GetXSDFiles", "is no schema that can be used", str(error)
        ) from error


def _short(path: str) -> str:
    return path.removeprefix("/ClientIntegrationRequest/").removeprefix("FunctionParameters/")
