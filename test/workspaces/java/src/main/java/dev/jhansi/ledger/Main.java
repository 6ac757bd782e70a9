package dev.jhansi.ledger;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Books the entries of a file, prints every account's balance and writes the same to a file. */
public final class Main {
    public static void main(String[] args) throws IOException {
        Ledger ledger = new Ledger();
        for (Entry entry : EntryReader.read(Path.of(args.length > 0 ? args[0] : "data/entries.csv"))) {
            ledger.book(entry);
        }
        StringBuilder lines = new StringBuilder();
        ledger.balances().forEach((account, cents) -> lines.append(
                String.format("%-8s %s%d.%02d%n", account, cents < 0 ? "-" : "", Math.abs(cents) / 100, Math.abs(cents) % 100)));
        System.out.print(lines);
        Files.createDirectories(Path.of("out"));
        Files.writeString(Path.of("out", "balances.txt"), lines);
        if (ledger.sum() != 0) {
            System.err.println("the ledger does not balance");
            System.exit(3);
        }
    }
}
