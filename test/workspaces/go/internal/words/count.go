// Package words counts words.
package words

import (
	"bufio"
	"io"
	"strings"
	"unicode"
)

// Count reads text to its end and says how often each word stands in it, in lower case.
func Count(text io.Reader) (map[string]int, error) {
	counts := map[string]int{}
	scanner := bufio.NewScanner(text)
	for scanner.Scan() {
		for _, word := range strings.FieldsFunc(scanner.Text(), func(r rune) bool { return !unicode.IsLetter(r) }) {
			counts[strings.ToLower(word)]++
		}
	}
	return counts, scanner.Err()
}
