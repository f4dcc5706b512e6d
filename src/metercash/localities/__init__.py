"""What differs from city to city, as data: price documents with source and grade of confidence.

No price here is a legal statement: each document says how sure it is and where it was read.
"""

from dataclasses import dataclass
from importlib import resources

from metercash.kernel.errors import NotFound
from metercash.rating import document
from metercash.rating.plan import Plan


@dataclass(frozen=True, slots=True)
class LocalityDocument:
    """One price document as text and as the plan it describes."""

    text: str
    plan: Plan


@dataclass(frozen=True, slots=True)
class Locality:
    """A city's price documents, ordered by plan code."""

    code: str
    documents: tuple[LocalityDocument, ...]


def codes() -> tuple[str, ...]:
    """Codes of all localities that ship."""
    root = resources.files(__name__)
    return tuple(
        sorted(
            folder.name
            for folder in root.iterdir()
            if folder.is_dir() and any(file.name.endswith(".yaml") for file in folder.iterdir())
        )
    )


def load(code: str) -> Locality:
    """Read a locality's price documents.

    Raises:
        NotFound: if there is no such locality.
        PlanDocumentInvalid: if a document is broken.
    """
    if code not in codes():
        raise NotFound(what=f"地区“{code}”")
    folder = resources.files(__name__) / code
    files = sorted((f for f in folder.iterdir() if f.name.endswith(".yaml")), key=lambda f: f.name)
    texts = [file.read_text(encoding="utf-8") for file in files]
    return Locality(code, tuple(LocalityDocument(text, document.parse(text)) for text in texts))
