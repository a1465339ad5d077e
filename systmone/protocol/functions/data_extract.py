"""DataExtract: download a Strategic Reporting extract."""

from typing import Annotated, ClassVar

from systmone.protocol.requests import Request, check_text
from systmone.protocol.values import Named, Value


class ExtractManifest(Value):
    """The answer; `sr_manifest_crc` goes into the next request, so that nothing comes twice."""

    sr_manifest_crc: Annotated[str | None, Named("SRManifestCRC")] = None


class DataExtract(Request[ExtractManifest]):
    """Have the extract `name` downloaded into `directory` of the SystmOne client's computer."""

    function: ClassVar = "DataExtract"
    summary: ClassVar = "download a Strategic Reporting extract into a folder"
    response: ClassVar = ExtractManifest
    repeatable: ClassVar = False

    sr_manifest_crc: Annotated[str | None, Named("SRManifestCRC")] = None
    directory: str | None = None
    name: str | None = None

    def check(self) -> None:
        """Raise InvalidRequest unless extract and folder are named."""
        check_text("Directory", "DataExtract", self.directory)
        check_text("Name", "DataExtract", self.name)
