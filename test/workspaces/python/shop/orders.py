import csv
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Order:
    customer: str
    item: str
    quantity: int
    cents: int

    @property
    def total(self) -> int:
        return self.quantity * self.cents


def read_orders(path: Path) -> list[Order]:
    with path.open(newline="", encoding="utf-8") as file:
        return [
            Order(row["customer"], row["item"], int(row["quantity"]), int(row["cents"]))
            for row in csv.DictReader(file)
        ]
