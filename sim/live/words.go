package live

import (
	"strings"
	"unicode"
)

// title writes a name of the register, which is in capitals, as people write it.
func title(s string) string {
	if strings.ToUpper(s) != s {
		return s
	}
	words := strings.Fields(strings.ToLower(s))
	for i, w := range words {
		if w == "and" || w == "of" || w == "the" || w == "at" || w == "in" {
			if i > 0 {
				continue
			}
		}
		r := []rune(w)
		for k := range r {
			if k == 0 || r[k-1] == '-' || r[k-1] == '(' || r[k-1] == '/' {
				r[k] = unicode.ToUpper(r[k])
			}
		}
		words[i] = string(r)
	}
	return strings.Join(words, " ")
}
