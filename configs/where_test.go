package configs

import (
	"strings"
	"testing"
)

func TestKeyLines(t *testing.T) {
	text := strings.Join([]string{
		`# a comment = 1`,                      // 1
		`extends = "x" # [not] a table`,        // 2
		`about = """`,                          // 3
		`[choice]`,                             // 4
		`minutes = "inside" ""x""""`,           // 5
		`contract = [ # list`,                  // 6
		`  { payer = "a]", payee = 'b}' },`,    // 7
		``,                                     // 8
		`  { payer = "c" },`,                   // 9
		`]`,                                    // 10
		`beds.occupancy = 1`,                   // 11
		`[choice]`,                             // 12
		`  "minutes" = 1`,                      // 13
		`wait = '''`,                           // 14
		`x'''`,                                 // 15
		`[[reform]]`,                           // 16
		`when = "2013-04"`,                     // 17
		`[[reform]]`,                           // 18
		`[reform.set]`,                         // 19
		`"choice.wait" = 1`,                    // 20
		`regime = { scope = [ "pathway" ] }`,   // 21
		`[[reform.set.contract]]`,              // 22
		`[[reform.set.contract]]`,              // 23
		`payer = "x"`,                          // 24
		`[[reform]]` + "\r",                    // 25
		`when = "2014-04"` + "\r",              // 26
		`when2 = "end of file, no line break"`, // 27
	}, "\n")
	d, f := parse("x.toml", text)
	if f != nil {
		t.Fatal(f)
	}
	for path, want := range map[string]int{
		"extends": 2, "about": 3, "contract": 6, "contract[0]": 7, "contract[1].payer": 9,
		"contract[7]": 6, "beds.occupancy": 11, "choice": 12, "choice.minutes": 13, "choice.wait": 14,
		"reform[0].when": 17, "reform[1]": 18, "reform[1].set.choice.wait": 20,
		"reform[1].set.regime.scope": 21, "reform[1].set.contract[0].payer": 22,
		"reform[1].set.contract[1].payer": 24, "reform[2].when": 26, "reform[2].when2": 27,
		"nowhere": 0, "nowhere[3].x": 0, "": 0,
	} {
		if got := d.line(path); got != want {
			t.Errorf("%s is on line %d, want %d", path, got, want)
		}
	}
}

func TestTooMuch(t *testing.T) {
	deep := func(n int) string { return strings.Repeat("[", n) + strings.Repeat("]", n) }
	for _, c := range []struct {
		name, text string
		want       int
	}{
		{"just allowed", "a = " + deep(maxDepth), 0},
		{"lists", "b = 1\na = " + deep(maxDepth+1), 2},
		{"half a million lists", "a = " + strings.Repeat("[", 500_000), 1},
		{"half a million lines", strings.Repeat("a = [\n", 150_000), maxDepth + 1},
		{"tables", "a = " + strings.Repeat("{x = ", 40), 1},
		{"parts of a key", strings.Repeat("a.", 200_000) + "a = 1", 1},
		{"parts of a header", "[" + strings.Repeat("a.", 200_000) + "a]", 1},
		{"quoted parts", strings.Repeat(`"".`, 200_000) + "a = 1", 1},
		{"in a string", `a = "` + deep(100) + `"`, 0},
		{"in a comment", "# " + deep(100), 0},
		{"numbers", "a = [" + strings.Repeat("1.5,\n", 1000) + "]", 0},
		{"keys", strings.Repeat("a = 1\n", maxItems), 0},
		{"too many keys", strings.Repeat("a = 1\n", maxItems+1), maxItems + 1},
		{"too many items", "\na = [" + strings.Repeat("1,", maxItems) + "]", 2},
		{"commas in a string", `a = "` + strings.Repeat(",", 2*maxItems) + `"`, 0},
		{"open string", `a = "`, 0},
		{"open long string", `a = """` + deep(100) + `\`, 0},
	} {
		if got, what := tooMuch(c.text); got != c.want {
			t.Errorf("%s: line %d %s, want %d", c.name, got, what, c.want)
		}
	}
}
