import unittest

from shop.orders import Order
from shop.report import summarise, table


class ReportTest(unittest.TestCase):
    def test_adds_up_by_customer(self):
        orders = [Order("a", "x", 1, 100), Order("b", "y", 2, 300), Order("a", "z", 1, 50)]
        self.assertEqual(summarise(orders), {"b": 600, "a": 150})

    def test_ends_with_the_total(self):
        self.assertTrue(table({"a": 150, "b": 600}).endswith("7.50"))


if __name__ == "__main__":
    unittest.main()
