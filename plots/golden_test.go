package plots

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"

	"gonum.org/v1/plot/cmpimg"
)

var (
	update = flag.Bool("update", false, "renew the golden files")
	figs   = flag.String("figures", "", "write every figure in every size and theme to this folder, to be looked at")
)

// coarse is a small picture: enough to see that something moved, small enough to keep.
var coarse = Size{Name: "coarse", Width: 400, Height: 275, Text: 7.5, DPI: 60}

// TestGoldenPictures compares one figure of each kind with how it looked when last approved.
func TestGoldenPictures(t *testing.T) {
	for _, f := range standardFigures(t) {
		switch f.Name {
		case "01-choice", "05-arms", "07-enrolment-map", "09-cost-by-setting", "11-how-sure", "13-groups-by-hospitals", "20-coexistence-map", "22-what-matters-most":
		default:
			continue
		}
		got, err := f.png(f.record(coarse, Light))
		if err != nil {
			t.Fatal(err)
		}
		name := filepath.Join("testdata", f.Name+".golden.png")
		if *update {
			if err := os.WriteFile(name, got, 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if same, err := cmpimg.EqualApprox("png", got, want, 0.05); err != nil || !same {
			t.Errorf("%s looks different (%v); look at it, then renew with -update", f.Name, err)
		}
	}
}

// TestGoldenWords compares what all figures say.
func TestGoldenWords(t *testing.T) {
	var b strings.Builder
	for _, f := range standardFigures(t) {
		fmt.Fprintf(&b, "%s\n  %s\n  %s\n  %s\n  %s\n", f.Name, f.Title, f.Subtitle, f.Source, f.Alt)
	}
	name := filepath.Join("testdata", "words.golden.txt")
	if *update {
		if err := os.WriteFile(name, []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if got := b.String(); got != string(want) {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func standardFigures(t *testing.T) []*Figure {
	t.Helper()
	figures, err := Standard(fake())
	if err != nil {
		t.Fatal(err)
	}
	return figures
}

// TestEveryFigureIsDrawn holds the set to its list: the made-up result has rows for all of it.
func TestEveryFigureIsDrawn(t *testing.T) {
	figures := standardFigures(t)
	for i, info := range Figures() {
		if i >= len(figures) || figures[i].Name != info.Name {
			t.Fatalf("figure %d is not %s", i, info.Name)
		}
	}
	if *figs == "" {
		return
	}
	for _, theme := range Themes() {
		for _, size := range Sizes() {
			dir := filepath.Join(*figs, size.Name+"-"+theme.Name)
			if err := os.MkdirAll(dir, 0o755); err != nil {
				t.Fatal(err)
			}
			for _, f := range figures {
				files, err := f.Files(size, theme)
				if err != nil {
					t.Fatal(err)
				}
				for ending, data := range files {
					if err := os.WriteFile(filepath.Join(dir, f.Name+"."+ending), data, 0o644); err != nil {
						t.Fatal(err)
					}
				}
			}
		}
	}
}

// TestSameFigureSameBytes draws the set twice.
func TestSameFigureSameBytes(t *testing.T) {
	first, second := standardFigures(t), standardFigures(t)
	small := Report
	small.DPI = 72
	for i, f := range first {
		a, err := f.Files(small, Light)
		if err != nil {
			t.Fatal(err)
		}
		b, err := second[i].Files(small, Light)
		if err != nil {
			t.Fatal(err)
		}
		if len(a) != 5 {
			t.Errorf("%s has %d files, want 5", f.Name, len(a))
		}
		for ending := range a {
			if len(a[ending]) == 0 || !bytes.Equal(a[ending], b[ending]) {
				t.Errorf("%s.%s: %d and %d bytes that differ", f.Name, ending, len(a[ending]), len(b[ending]))
			}
		}
		if got := len(a["pdf"]); got >= 60_000 {
			t.Errorf("%s.pdf has %d bytes, want under 60 kB", f.Name, got)
		}
	}
}

// BenchmarkStandard draws the whole set of a result of twelve scenarios and two places, in every format: for
// a report, and in every size and theme.
func BenchmarkStandard(b *testing.B) {
	d := fake()
	more := slices.Clone(d.Outcomes)
	for i := range more {
		if s := &more[i].Scenario; *s == "arm-open-virtual" || *s == "arm-open-real" {
			*s = strings.Replace(*s, "arm-", "plan-", 1)
			d.Outcomes = append(d.Outcomes, more[i])
		}
	}
	d.Meta.Scenarios = append(slices.Clone(order), "plan-open-virtual", "plan-open-real")
	for _, set := range []struct {
		name   string
		sizes  []Size
		themes []Theme
	}{{"report", []Size{Report}, []Theme{Light}}, {"all", Sizes(), Themes()}} {
		b.Run(set.name, func(b *testing.B) {
			for b.Loop() {
				figures, err := Standard(d)
				if err != nil {
					b.Fatal(err)
				}
				var wait sync.WaitGroup
				free := make(chan struct{}, runtime.GOMAXPROCS(0))
				for _, f := range figures {
					for _, size := range set.sizes {
						for _, theme := range set.themes {
							free <- struct{}{}
							wait.Go(func() {
								defer func() { <-free }()
								if _, err := f.Files(size, theme); err != nil {
									b.Error(err)
								}
							})
						}
					}
				}
				wait.Wait()
			}
		})
	}
}
