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
