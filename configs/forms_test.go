package configs

import (
	"regexp"
	"strings"
	"testing"
)

// The functions that check months and names agree with the patterns that the schema shows.
func TestFormsAreThoseOfTheSchema(t *testing.T) {
	april, month, name := regexp.MustCompile(aprilForm), regexp.MustCompile(monthForm), regexp.MustCompile(nameForm)
	for _, s := range []string{"", "2010-04", "1989-04", "1990-04", "2100-04", "2101-04", "2199-12", "2200-01", "2013-00", "2013-13",
		"2013-4", "2013-040", "x013-04", "2013_04", "٢٠١٠-04", "20100-4", " 2010-04", "2010-04\n", "2010-12", "1999-01"} {
		if got, want := validMonth(s), month.MatchString(s); got != want {
			t.Errorf("month %q: %v, want %v", s, got, want)
		}
		if got, want := validApril(s), april.MatchString(s); got != want {
			t.Errorf("april %q: %v, want %v", s, got, want)
		}
	}
	for _, s := range []string{"", "a", "airline", "arm-open-real", "-a", "a-", "a--b", "A", "a b", "a_b", "0", "é", "a\n", "a-1"} {
		if got, want := validName(s), name.MatchString(s); got != want {
			t.Errorf("name %q: %v, want %v", s, got, want)
		}
	}
	if validName(strings.Repeat("a", 65)) {
		t.Error("a name of 65 letters is valid, want at most 64")
	}
}
