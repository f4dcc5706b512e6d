"""An import-linter contract: a context is entered from outside only through its open modules."""

from typing import Any

from grimp import ImportGraph
from importlinter import Contract, ContractCheck, fields, output


class FacadesContract(Contract):
    """Everything below ``container`` is closed to outsiders but the ``open_modules`` of each child.

    The composition root (``project``) and a context's own rooms may import anything.
    """

    container = fields.StringField()
    open_modules = fields.ListField(subfield=fields.StringField())

    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:  # noqa: FBT001
        """Collect every import that goes around a front door."""
        container: str = self.container  # type: ignore[assignment]
        root = container.split(".", maxsplit=1)[0]
        illegal: list[tuple[str, str]] = []
        for context in sorted(graph.find_children(container)):
            inside = {context} | graph.find_descendants(context)
            doors = {f"{context}.{name}" for name in self.open_modules}  # type: ignore[attr-defined]
            for module in sorted(inside - doors - {context}):
                outside = graph.find_modules_that_directly_import(module) - inside
                illegal.extend(
                    (importer, module)
                    for importer in sorted(outside)
                    if not importer.startswith(f"{root}.project")
                )
        return ContractCheck(kept=not illegal, metadata={"illegal": illegal})

    def render_broken_contract(self, check: ContractCheck) -> None:
        """Name each importer and what it reached into."""
        illegal: list[Any] = check.metadata["illegal"]
        for importer, module in illegal:
            output.print_error(f"{importer} reaches into {module}", bold=False)
