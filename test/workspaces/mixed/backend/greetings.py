import json
from pathlib import Path


def greetings(folder: Path) -> dict[str, str]:
    return json.loads((folder / "frontend" / "greetings.json").read_text(encoding="utf-8"))
