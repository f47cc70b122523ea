package main

import (
	"errors"
	"io"
	"regexp"
	"strings"
	"testing"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// verbs lists every command of the program, those below sweep too.
func verbs(c *cobra.Command) []*cobra.Command {
	list := []*cobra.Command{c}
	for _, v := range c.Commands() {
		if v.Name() != "help" && v.Name() != "completion" { // cobra's own
			list = append(list, verbs(v)...)
		}
	}
	return list
}

// inHelp finds the command lines of coexist in an example of help, which may pipe them or fill others with them.
var inHelp = regexp.MustCompile(`coexist [^|>&)]+`)

// TestExamplesOfHelp: every verb has an example, and the verbs, arguments and flags of each are such as the
// program takes.
func TestExamplesOfHelp(t *testing.T) {
	for _, v := range verbs(newRoot(nil)) {
		if v.Runnable() && v.HasParent() && v.Example == "" {
			t.Errorf("coexist help %s has no example", v.Name())
		}
		for line := range strings.Lines(v.Example) {
			for _, command := range inHelp.FindAllString(line, -1) {
				args := splits.FindAllString(command, -1)[1:]
				root := newRoot(nil) // whose flags nobody has set
				found, rest, err := root.Find(args)
				if err != nil || found == root {
					t.Errorf("%q names no verb: %v", command, err)
					continue
				}
				var f faults
				f.add(found.ParseFlags(rest))
				flagFaults(found.Flags(), &f)
				f.add(found.ValidateArgs(found.Flags().Args()))
				if err := f.err(); err != nil {
					t.Errorf("%q: %v", command, err)
				}
			}
		}
	}
}

// TestDefaultsInHelp: the default that help tells of a flag of ours is the value that the verb has without it.
func TestDefaultsInHelp(t *testing.T) {
	told := 0
	for _, v := range verbs(newRoot(nil)) {
		v.Flags().VisitAll(func(flag *pflag.Flag) {
			switch x := flag.Value.(type) {
			case *value[int64]:
				told += tells(t, v, flag.Name, x)
			case *value[float64]:
				told += tells(t, v, flag.Name, x)
			case *value[string]:
				told += tells(t, v, flag.Name, x)
			}
		})
	}
	if told < 20 {
		t.Errorf("%d flags tell a default, want 20 or more: is this test blind?", told)
	}
}

// tells wants the default of one flag to be its value, and returns 1 if there is one.
func tells[T comparable](t *testing.T, c *cobra.Command, name string, v *value[T]) int {
	t.Helper()
	if v.usual == "" {
		return 0
	}
	if got, err := v.parse(v.usual); err != nil || got != v.now {
		t.Errorf("%s --%s: help tells %s, the verb has %v", c.Name(), name, v.usual, v.now)
	}
	return 1
}

// TestLostDataAreTold: what cannot be written to standard output is an error, whichever verb wrote it.
func TestLostDataAreTold(t *testing.T) {
	full := errors.New("no space left")
	for _, args := range [][]string{{}, {"run", "--help"}, {"explain", "choice.minutes"}, {"check", "airline", "--place", "synthetic:residents=12000"}, {"list", "scenarios", "--format", "json"}} {
		var said strings.Builder
		if code := execute(args, nil, broken{full}, &said); code != exitFailed || !strings.Contains(said.String(), full.Error()) {
			t.Errorf("coexist %s: exit code %d, want %d; it said %q", strings.Join(args, " "), code, exitFailed, said.String())
		}
		if code := execute(args, nil, io.Discard, io.Discard); code != exitDone {
			t.Errorf("coexist %s: exit code %d, want %d", strings.Join(args, " "), code, exitDone)
		}
	}
}

// broken takes nothing.
type broken struct{ err error }

func (b broken) Write([]byte) (int, error) { return 0, b.err }
