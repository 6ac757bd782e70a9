from pathlib import Path

from backend.greetings import greetings

HERE = Path(__file__).parent

for language, words in greetings(HERE).items():
    print(f"{language}: {words}")
print((HERE / "notes and plans" / "überblick.txt").read_text(encoding="utf-8").strip())
