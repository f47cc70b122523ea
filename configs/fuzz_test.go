package configs

import (
	"errors"
	"strings"
	"testing"
)

// seeds are texts from which the fuzzers start.
func seeds() []string {
	list := []string{
		"", quo, twoReforms, "extends = \"defaults\"", "\ufeff" + quo, strings.ReplaceAll(twoReforms, "\n", "\r\n"),
		quo + "[choice]\nwait = nan", quo + "[choice]\nwait = -0.0", quo + "[choice]\nwait = 0x1", quo + "[choice]\nwait = 1e-320",
		quo + "about = \"\"\"a\nb\"\"\"\"", quo + "title = '<b>&amp;'", quo + "[regime]\nscope = [\"social-care\", \"pathway\"]\nsystems = \"area\"",
		quo + "reform = [{when = \"2013-04\", set = {\"regime.mergers\" = true, choice = {wait = 0}}}]",
		quo + "[[reform]]\nwhen = \"2013-04\"\n[[reform.set.contract]]\npayer = \"government\"",
		quo + "a.b.c.d = {e = [[[1]]]}", "extends = [", "extends = \"\"\"", "[[[[", "# only a comment",
	}
	for _, name := range builtins {
		text, _ := Source(name)
		list = append(list, text)
	}
	return append(list, string(Default().TOML()))
}

// Whatever is read: no panic; faults are ErrInput, have a file and lines inside it; what is
// accepted passes Check and is written and read back the same.
func FuzzRead(f *testing.F) {
	for _, s := range seeds() {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		c, err := readText(text)
		if err == nil {
			if err := c.Check(); err != nil {
				t.Fatal(err)
			}
			readsBack(t, c)
			return
		}
		if !errors.Is(err, ErrInput) {
			t.Fatalf("%v is no ErrInput", err)
		}
		joined, ok := err.(interface{ Unwrap() []error })
		if !ok {
			t.Fatalf("%T", err)
		}
		for _, err := range joined.Unwrap() {
			var fault *Fault
			if !errors.As(err, &fault) || fault.File == "" || fault.Text == "" {
				t.Fatalf("%#v", err)
			}
			if fault.File == "x.toml" && (fault.Line < 0 || fault.Line > 1+strings.Count(text, "\n")) {
				t.Fatalf("%v: no such line", err)
			}
			if strings.ContainsAny(fault.Text, "\x00\x1b\n") {
				t.Fatalf("%q holds control characters", fault.Text)
			}
		}
	})
}

// Any --set: no panic, and what is accepted reads back.
func FuzzSet(f *testing.F) {
	for _, s := range []string{"choice.wait=0.5", "regime.scope=pathway,social-care", "regime.entry=[]", "time.start=2011-04",
		"title=a\tb", "name=x", "contract=[{payer=\"government\"}]", "choice.wait=1\nx=2", "=", "a=b=c", "regime.systems='''trusts'''",
		"choice.wait=[[[[[[[[[[[[[[[[[["} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, set string) {
		c, err := Default().With(set)
		if err != nil {
			if !errors.Is(err, ErrInput) {
				t.Fatalf("%v is no ErrInput", err)
			}
			return
		}
		readsBack(t, c)
	})
}
