"""Run every measurement of this package, print a table, write ``bench/results/<name>.json``.

A measurement is a module that prints one JSON object; names given as arguments run only those.
"""

import json
import os
import platform
import subprocess
import sys
from pathlib import Path


FOLDER = Path(__file__).parent
RESULTS = FOLDER / "results"


def machine() -> dict[str, object]:
    """What the figures were measured on."""
    pages, size = os.sysconf("SC_PHYS_PAGES"), os.sysconf("SC_PAGE_SIZE")
    return {
        "processor": _processor(),
        "cores": os.cpu_count(),
        "memory_gib": round(pages * size / 2**30, 1),
        "system": platform.platform(),
        "python": platform.python_version(),
        "load_before": round(os.getloadavg()[0], 1),
    }


def _processor() -> str:
    info = Path("/proc/cpuinfo")
    if info.exists():
        for line in info.read_text().splitlines():
            if line.startswith("model name"):
                return line.split(":", 1)[1].strip()
    return platform.processor()


def measurements() -> list[str]:
    """Modules of this package that measure something: they print one JSON object when run."""
    return [
        path.stem
        for path in sorted(FOLDER.glob("[a-z]*.py"))
        if path.stem not in {"__init__", "__main__", "stage"}
    ]


def main(names: list[str]) -> int:
    """Measure each in a process of its own, print, write; the number that failed."""
    RESULTS.mkdir(exist_ok=True)
    failed = 0
    for name in names or measurements():
        described = machine()
        print(f"\n{name}", flush=True)
        ended = subprocess.run(
            [sys.executable, "-m", f"bench.{name}"], stdout=subprocess.PIPE, text=True, check=False
        )
        if ended.returncode:
            failed += 1
            print(f"  failed with {ended.returncode}")
            continue
        figures = json.loads(ended.stdout)
        result = {"name": name, "machine": described, "figures": figures}
        text = json.dumps(result, ensure_ascii=False, indent=2)
        (RESULTS / f"{name}.json").write_text(text + "\n", encoding="utf-8")
        for key, value in figures.items():
            print(f"  {key:<44} {value}")
    return failed


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
