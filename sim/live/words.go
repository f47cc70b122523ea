package live

import (
	"strings"
	"unicode"
)

// Words of names that are not written with one capital: those within a name in lower case, and those in capitals.
var (
	particles     = map[string]bool{"an": true, "and": true, "at": true, "by": true, "for": true, "in": true, "of": true, "on": true, "sub": true, "the": true, "upon": true}
	abbreviations = map[string]bool{"gp": true, "llp": true, "nhs": true, "pms": true}
)

// title writes a name of the register, which is in capitals, as people write it. Small words stay small within
// it and between hyphens: Henley-in-Arden, but Walk-In.
func title(s string) string {
	if strings.ToUpper(s) != s {
		return s
	}
	words := strings.Fields(strings.ToLower(s))
	for i, w := range words {
		if i > 0 && particles[w] {
			continue
		}
		parts := strings.Split(w, "-")
		for k, part := range parts {
			if k == 0 || k == len(parts)-1 || !particles[part] {
				parts[k] = capital(part)
			}
		}
		words[i] = strings.Join(parts, "-")
	}
	return strings.Join(words, " ")
}

// capital writes a word with a capital, and what follows a bracket, a slash or the apostrophe of a name such as
// O'Connell.
func capital(word string) string {
	if abbreviations[word] {
		return strings.ToUpper(word)
	}
	r := []rune(word)
	for k := range r {
		if k == 0 || strings.ContainsRune("(/", r[k-1]) || r[k-1] == '\'' && k < len(r)-1 {
			r[k] = unicode.ToUpper(r[k])
		}
	}
	return string(r)
}
