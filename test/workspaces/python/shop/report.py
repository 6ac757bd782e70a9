from collections import Counter

from .orders import Order


def summarise(orders: list[Order]) -> dict[str, int]:
    """Cents by customer, the biggest spender first."""
    spent: Counter[str] = Counter()
    for order in orders:
        spent[order.customer] += order.total
    return dict(spent.most_common())


def table(summary: dict[str, int]) -> str:
    lines = [f"{customer:<10}{cents / 100:>10.2f}" for customer, cents in summary.items()]
    return "\n".join([*lines, f"{'total':<10}{sum(summary.values()) / 100:>10.2f}"])
