package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"coexist/configs"
	"coexist/sim/checkpoint"
	"coexist/sim/place"
	"coexist/sim/results"
)

// The exit codes.
const (
	exitDone    = 0
	exitFailed  = 1
	exitInput   = 2 // wrong input: nothing was run
	exitStopped = 3 // the same command goes on
)

var (
	errInput   = errors.New("wrong input")
	errStopped = errors.New("stopped")
)

// execute runs one command and returns its exit code. Data go to out, talk to errs.
func execute(args []string, in io.Reader, out, errs io.Writer) int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	context.AfterFunc(ctx, stop) // a second signal ends the program at once
	root := newRoot(args)
	root.SetArgs(args)
	root.SetIn(in)
	data := &checkedWriter{Writer: out}
	root.SetOut(data)
	root.SetErr(errs)
	err := root.ExecuteContext(ctx)
	if err == nil {
		err = data.err
	}
	if err == nil {
		return exitDone
	}
	for _, line := range strings.Split(strings.TrimRight(err.Error(), "\n"), "\n") {
		fmt.Fprintf(errs, "coexist: %s\n", line)
	}
	return exitCode(err)
}

// checkedWriter keeps the first error of what it writes to, so that data that were lost are told whoever
// wrote them.
type checkedWriter struct {
	io.Writer
	err error
}

func (w *checkedWriter) Write(p []byte) (int, error) {
	n, err := w.Writer.Write(p)
	if w.err == nil {
		w.err = err
	}
	return n, err
}

// exitCode sorts errors: input that is wrong, runs that can go on, and failures.
func exitCode(err error) int {
	switch {
	case errors.Is(err, errStopped):
		return exitStopped
	case errors.Is(err, results.ErrWrite), errors.Is(err, results.ErrDamaged):
		return exitFailed
	}
	for _, wrong := range []error{errInput, configs.ErrInput, place.ErrUnknown, results.ErrTaken, results.ErrBusy, results.ErrUnwritable,
		results.ErrNotResult, results.ErrUnfinished, results.ErrPath, checkpoint.ErrUnusable} {
		if errors.Is(err, wrong) {
			return exitInput
		}
	}
	return exitFailed
}

// faults gathers what is wrong with the input, each once.
type faults struct {
	list []error
	seen map[string]bool
}

// add takes in an error, or all that are joined in it.
func (f *faults) add(err error) {
	if err == nil {
		return
	}
	if many, ok := err.(interface{ Unwrap() []error }); ok {
		if list := many.Unwrap(); errors.Join(list...).Error() == err.Error() && len(list) > 1 {
			for _, e := range list {
				f.add(e)
			}
			return
		}
	}
	if f.seen == nil {
		f.seen = map[string]bool{}
	}
	if text := err.Error(); !f.seen[text] {
		f.seen[text] = true
		f.list = append(f.list, err)
	}
}

// addf takes in a fault in words.
func (f *faults) addf(format string, args ...any) { f.add(wrong(format, args...)) }

// err is all faults, nil if there are none.
func (f *faults) err() error { return errors.Join(f.list...) }

// wrong returns a fault of the input in words.
func wrong(format string, args ...any) error { return &inputError{fmt.Sprintf(format, args...)} }

// inputError is a fault of the input that belongs to no file.
type inputError struct{ text string }

func (e *inputError) Error() string        { return e.text }
func (e *inputError) Is(target error) bool { return target == errInput }

const about = `Can competition and integration coexist? coexist simulates patients, GPs, specialists, hospitals and
competing integrated care systems in real places of England, and compares systems of care on the
same people with the same luck.
`

const bare = about + `
Three ways to begin:

  coexist compare
      for a report: four systems and the question of coexistence in two places, with charts and a verdict
  coexist explain airline
      for a class: the airline-style system in plain words; then coexist run airline
  coexist init my-system.toml
      for research: a scenario of your own, every key explained; then coexist check my-system.toml

coexist --help lists every command.
`

// newRoot makes the command with all its verbs. args are those of the program, for the manifest.
func newRoot(args []string) *cobra.Command {
	root := &cobra.Command{
		Use:           "coexist",
		Short:         "Can competition and integration coexist?",
		Long:          about,
		SilenceErrors: true,
		SilenceUsage:  true,
		Args:          noSuchCommand,
		RunE: func(c *cobra.Command, _ []string) error {
			_, err := io.WriteString(c.OutOrStdout(), bare)
			return err
		},
	}
	root.CompletionOptions.HiddenDefaultCmd = false
	root.SetFlagErrorFunc(flagError)
	root.AddGroup(&cobra.Group{ID: "run", Title: "Run:"}, &cobra.Group{ID: "look", Title: "Look up and write:"}, &cobra.Group{ID: "result", Title: "Results:"},
		&cobra.Group{ID: "page", Title: "The students' page:"})
	for _, g := range []struct {
		id    string
		verbs []*cobra.Command
	}{
		{"run", []*cobra.Command{newCompare(args), newRun(args), newSweep(args), newValidate(args), newReplicate(), newCalibrate()}},
		{"look", []*cobra.Command{newInit(), newCheck(), newList(), newExplain(), newSchema(), newCite(), newVersion()}},
		{"result", []*cobra.Command{newPlot(), newReport(), newVerify(args), newSensitivity(), newTrace()}},
		{"page", []*cobra.Command{newServe(), newSite()}},
	} {
		for _, v := range g.verbs {
			v.GroupID = g.id
			v.SilenceErrors, v.SilenceUsage = true, true
			v.DisableFlagsInUseLine = true
			root.AddCommand(v)
		}
	}
	root.InitDefaultHelpCmd()
	root.InitDefaultCompletionCmd()
	for _, v := range root.Commands() {
		switch v.Name() { // what cobra adds answers a word that it does not know with help and exit code 0
		case "completion":
			v.Args = noSuchCommand
			v.RunE = func(c *cobra.Command, _ []string) error { return c.Help() }
		case "help":
			v.Args = func(c *cobra.Command, words []string) error {
				if found, rest, err := c.Root().Find(words); err != nil || found == c.Root() && len(rest) > 0 {
					return noSuchCommand(c.Root(), rest)
				}
				return nil
			}
		}
	}
	return root
}

// noSuchCommand names the verb nearest to a word that is none.
func noSuchCommand(c *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	var verbs []string
	for _, v := range c.Commands() {
		verbs = append(verbs, v.Name())
	}
	return wrong("unknown command %q%s; %s --help lists all", args[0], nearest(args[0], verbs), c.CommandPath())
}

// nearest ends a fault about an unknown word with the known one that is meant, if any.
func nearest(word string, known []string) string {
	if n := configs.Nearest(word, known); n != "" {
		return fmt.Sprintf(", did you mean %q?", n)
	}
	return ""
}

// flagError names the flag nearest to one that is unknown.
func flagError(c *cobra.Command, err error) error {
	var none *pflag.NotExistError
	if !errors.As(err, &none) {
		return wrong("%s flags: %v", c.Name(), err)
	}
	name, dashes := none.GetSpecifiedName(), "--"
	if none.GetSpecifiedShortnames() != "" {
		dashes = "-"
	}
	var names []string
	c.Flags().VisitAll(func(f *pflag.Flag) { names = append(names, f.Name) })
	hint := nearest(name, names)
	if hint != "" {
		hint = strings.Replace(hint, `"`, `"--`, 1)
	}
	return wrong("unknown flag %s%s of %s%s", dashes, name, c.Name(), hint)
}

// arguments wants a number of arguments between least and most (most < 0: any), and says what they are.
func arguments(least, most int, what string) cobra.PositionalArgs {
	return func(c *cobra.Command, args []string) error {
		if len(args) < least || most >= 0 && len(args) > most {
			return wrong("%s: %s, want %s", c.Name(), many(len(args), "argument"), what)
		}
		return nil
	}
}
