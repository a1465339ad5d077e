"""GetDocument."""

from base64 import b64decode
from pathlib import Path

from systmone.simulator.documents import build, text_of
from systmone.simulator.functions.call import Call, Reply
from systmone.simulator.refusals import RefusedPermanently


def get_document(call: Call) -> Reply:
    """Section GetDocument: write the file into the folder WriteTo."""
    patient, state = call.desk.read(call.parameters)
    uid = text_of(call.parameters, "DocumentUID")
    document = next(
        (d for d in patient.iterfind("Documents/Document") if d.get("UID") == uid), None
    )
    if document is None:
        raise RefusedPermanently("The record has no document with this DocumentUID")
    folder = text_of(call.parameters, "WriteTo")
    # SystmOne names the file by a number of its own, without regard to the name it once had.
    path = Path(folder) / f"{int(uid[:8], 16)}{document.get('Suffix', '')}"
    if not folder:
        raise RefusedPermanently("WriteTo is missing")
    try:
        path.write_bytes(b64decode(document.text or ""))
    except OSError:
        raise RefusedPermanently(
            f"The path {folder} does not exist or cannot be accessed"
        ) from None
    return [build("DocumentFile", str(path)), build("RecordState", state)]
