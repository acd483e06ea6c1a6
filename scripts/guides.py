"""Writes the examples of docs_src into the guides, or with --check says which guides show something else."""

import re
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
PLACE = re.compile(r"<!-- docs_src/(\S+) -->\n```\w+\n.*?```\n", re.DOTALL)
LANGUAGES = {".py": "python", ".widget": "json", ".json": "json", ".js": "js"}


def shown(found: re.Match[str]) -> str:
    """The block for a file."""
    source = ROOT / "docs_src" / found.group(1)
    return f"<!-- docs_src/{source.name} -->\n```{LANGUAGES[source.suffix]}\n{source.read_text()}```\n"


def main() -> int:
    stale = []
    for page in sorted(ROOT.joinpath("docs").glob("*.md")):
        text = page.read_text()
        current = PLACE.sub(shown, text)
        if current != text:
            stale.append(page.name)
            if "--check" not in sys.argv:
                page.write_text(current)
    if "--check" in sys.argv and stale:
        print(f"These guides show old examples; run python scripts/guides.py: {', '.join(stale)}")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
