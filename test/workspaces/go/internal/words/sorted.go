package words

import (
	"cmp"
	"slices"
)

// Counted is one word and how often it stands in a text.
type Counted struct {
	Word  string
	Times int
}

// Sorted puts the most frequent words first, equals by name.
func Sorted(counts map[string]int) []Counted {
	sorted := make([]Counted, 0, len(counts))
	for word, times := range counts {
		sorted = append(sorted, Counted{word, times})
	}
	slices.SortFunc(sorted, func(a, b Counted) int {
		return cmp.Or(cmp.Compare(b.Times, a.Times), cmp.Compare(a.Word, b.Word))
	})
	return sorted
}
