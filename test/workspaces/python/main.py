"""Reads a month of orders, prints what each customer spent and writes the same as JSON."""
import json
import sys
from pathlib import Path

from shop.orders import read_orders
from shop.report import summarise, table

HERE = Path(__file__).parent


def main() -> int:
    orders = read_orders(Path(sys.argv[1]) if len(sys.argv) > 1 else HERE / "data" / "orders.csv")
    summary = summarise(orders)
    print(table(summary))
    out = HERE / "out"
    out.mkdir(exist_ok=True)
    (out / "summary.json").write_text(json.dumps(summary, indent=2) + "\n", encoding="utf-8")
    print(f"{len(orders)} orders read, out/summary.json written", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
