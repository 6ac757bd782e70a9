package dev.jhansi.ledger;

import java.util.SortedMap;
import java.util.TreeMap;

final class Ledger {
    private final SortedMap<String, Long> balances = new TreeMap<>();

    void book(Entry entry) {
        balances.merge(entry.from(), -entry.cents(), Long::sum);
        balances.merge(entry.to(), entry.cents(), Long::sum);
    }

    SortedMap<String, Long> balances() {
        return balances;
    }

    long sum() {
        return balances.values().stream().mapToLong(Long::longValue).sum();
    }
}
