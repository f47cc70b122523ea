package experiment

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "renew golden files")

// TestScript: the scripts are as they were looked at, for all shards and for some.
func TestScript(t *testing.T) {
	s := &Sweep{Name: "toy", Hash: strings.Repeat("0843188f", 8), Shards: 64, Workers: 4}
	for i := range 128 {
		s.Runs = append(s.Runs, SweepRun{Shard: i / 2, Seconds: 1200})
	}
	some := []int{0, 17, 40, 41, 42}
	for name, o := range map[string]ScriptOptions{
		"slurm":              {Engine: "slurm", Dir: "/scratch/o'neill/sweep", Program: "/opt/coexist", Parallel: 16, Memory: 8 << 30, Args: []string{"--partition=long"}},
		"slurm-missing":      {Engine: "slurm", Dir: "/scratch/me/sweep", Program: "/opt/coexist", Shards: some, Memory: 1},
		"kubernetes":         {Engine: "kubernetes", Dir: "/sweep", Program: "coexist", Parallel: 16, Memory: 8 << 30, Image: "coexist:1", Claim: "shared"},
		"kubernetes-missing": {Engine: "kubernetes", Dir: "/sweep", Program: "coexist", Shards: some, Memory: 8 << 30, Image: "coexist:1", Claim: "shared"},
	} {
		got, err := s.Script(o)
		if err != nil {
			t.Fatal(err)
		}
		path := filepath.Join("testdata", "script-"+name+".golden")
		if *update {
			if err := os.WriteFile(path, []byte(got), 0o666); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if got != string(want) {
			t.Errorf("%s:\n%s", path, got)
		}
	}
	for _, o := range []ScriptOptions{{Engine: "pbs"}, {Engine: "slurm", Shards: []int{}}, {Engine: "slurm", Dir: "/a\n#SBATCH --uid=0"}, {Engine: "slurm", Args: []string{"a\nrm"}}} {
		if text, err := s.Script(o); err == nil {
			t.Errorf("%+v is taken:\n%s", o, text)
		}
	}
}

// TestDraws: a posterior is a table whose rows stay whole; what is no parameter is told.
func TestDraws(t *testing.T) {
	read := func(text string, most int) ([]Axis, error) {
		path := filepath.Join(t.TempDir(), "posterior.csv")
		if err := os.WriteFile(path, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
		return readDraws(path, most)
	}
	axes, err := read("draw,choice.minutes,choice.quality,distance\n1,0.1,0.2,9\n2,0.11,0.21,8\n3,0.12,0.22,7\n", 2)
	if err != nil || len(axes) != 2 || axes[1].Name != "choice.quality" || axes[0].Joint != axes[1].Joint || strings.Join(axes[1].Values, " ") != "0.2 0.21" {
		t.Errorf("%+v, %v", axes, err)
	}
	if marked, err := read("\ufeffchoice.minutes\r\n0.1\r\n0.2\r\n", 0); err != nil || len(marked) != 1 || strings.Join(marked[0].Values, " ") != "0.1 0.2" {
		t.Errorf("from a spreadsheet: %+v, %v", marked, err)
	}
	d, err := newDesign(LHS, append(axes, Axis{Name: "choice.loyalty", Low: 0, High: 1}), 6, 1)
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range d.Points {
		if (p[0] == "0.1") != (p[1] == "0.2") {
			t.Errorf("draws are torn apart: %v", p)
		}
	}
	for text, want := range map[string]string{
		"":                                    "no header",
		"a,b\n1,2\n":                          "no column is a parameter",
		"choice.minute\n1\n":                  "column choice.minute is not a parameter",
		"choice.minutes,weight\n1,1\n":        "weight",
		"choice.minutes\n":                    "0 draws",
		"choice.minutes,choice.quality\n.1\n": "wrong number of fields",
	} {
		if _, err := read(text, 0); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %s", text, err, want)
		}
	}
	if _, err := read("choice.minutes\n1\n", 5); err == nil || !strings.Contains(err.Error(), "1 draws, want 5") {
		t.Errorf("too few: %v", err)
	}
}
