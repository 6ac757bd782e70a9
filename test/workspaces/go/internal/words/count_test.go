package words

import (
	"strings"
	"testing"
)

func TestCountFoldsCase(t *testing.T) {
	counts, err := Count(strings.NewReader("One two\nONE, d'été"))
	if err != nil || counts["one"] != 2 || counts["été"] != 1 {
		t.Fatalf("%v, %v", counts, err)
	}
}

func TestSortedByTimesThenName(t *testing.T) {
	sorted := Sorted(map[string]int{"b": 1, "a": 1, "c": 2})
	if sorted[0].Word != "c" || sorted[1].Word != "a" {
		t.Fatal(sorted)
	}
}
