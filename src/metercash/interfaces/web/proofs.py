"""The file by which anybody can make a bill again."""

import json
from collections.abc import Mapping
from typing import Any


def as_proof_file(document: Mapping[str, Any]) -> bytes:
    """A proof document as UTF-8 JSON that people can read."""
    return json.dumps(document, ensure_ascii=False, indent=1).encode()
