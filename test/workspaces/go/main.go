// Wordcount prints the words that stand more than once in a text and writes all of them as JSON.
package main

import (
	"encoding/json"
	"fmt"
	"log"
	"os"
	"path/filepath"

	"example.org/wordcount/internal/words"
)

func main() {
	log.SetFlags(0)
	path := filepath.Join("data", "text.txt")
	if len(os.Args) > 1 {
		path = os.Args[1]
	}
	if err := report(path); err != nil {
		log.Fatal(err)
	}
}

func report(path string) error {
	file, err := os.Open(path)
	if err != nil {
		return err
	}
	defer file.Close()
	counts, err := words.Count(file)
	if err != nil {
		return err
	}
	for _, count := range words.Sorted(counts) {
		if count.Times > 1 {
			fmt.Printf("%3d %s\n", count.Times, count.Word)
		}
	}
	if err := os.MkdirAll("out", 0o755); err != nil {
		return err
	}
	encoded, err := json.MarshalIndent(counts, "", "  ")
	if err != nil {
		return err
	}
	log.Printf("%d different words", len(counts))
	return os.WriteFile(filepath.Join("out", "words.json"), append(encoded, '\n'), 0o644)
}
