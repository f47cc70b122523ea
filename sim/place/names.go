package place

import "strings"

// TrustName is the name of a trust as people say it: without its legal form and the capitals of the register.
func TrustName(name string) string {
	for _, form := range []string{" NHS Foundation Trust", " NHS Trust"} {
		name = strings.TrimSuffix(name, form)
	}
	return strings.NewReplacer(" And ", " and ", " Of ", " of ", " The ", " the ").Replace(name)
}
