package dev.jhansi.ledger;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

final class EntryReader {
    private EntryReader() {
    }

    /** One entry a line, {@code from,to,cents}; the first line names the columns. */
    static List<Entry> read(Path file) throws IOException {
        try (var lines = Files.lines(file)) {
            return lines.skip(1).filter(line -> !line.isBlank()).map(EntryReader::parse).toList();
        }
    }

    private static Entry parse(String line) {
        String[] fields = line.split(",");
        return new Entry(fields[0], fields[1], Long.parseLong(fields[2].trim()));
    }
}
