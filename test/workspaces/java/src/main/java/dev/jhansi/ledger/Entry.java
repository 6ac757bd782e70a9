package dev.jhansi.ledger;

/** So many cents moved from one account to another. */
public record Entry(String from, String to, long cents) {
    public Entry {
        if (cents <= 0) {
            throw new IllegalArgumentException("an entry moves something: " + cents);
        }
    }
}
