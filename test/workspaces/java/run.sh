#!/bin/sh
# Compiles and runs with the JDK alone: no build tool, no network.
set -e
mkdir -p target/classes
javac --release 17 -d target/classes src/main/java/dev/jhansi/ledger/*.java
exec java -cp target/classes dev.jhansi.ledger.Main "$@"
