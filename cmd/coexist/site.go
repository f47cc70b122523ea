package main

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"coexist/plots/page"
	"coexist/sim/live"
	"coexist/sim/place"
	"coexist/sim/place/england"
	"coexist/sim/results"
)

// engine is the engine of the page as WebAssembly with what a browser needs to start it.
type engine struct {
	program []byte // packed by gzip
	starter []byte // wasm_exec.js of the Go release that built it
	licence []byte // of that file and of Go's libraries
}

// carried is the engine that a release binary carries (see site_release.go), nil in others.
var carried func() (engine, error)

// newSite makes the verb that writes the students' page as a folder.
func newSite() *cobra.Command {
	return &cobra.Command{
		Use:   "site DIR",
		Short: "Write the students' page as a folder for any web server, with the engine as WebAssembly",
		Long: "Writes the students' page with everything that it needs: every web server can hand it out, a school's too, and\n" +
			"browsers run the engine themselves, without any network. Builds the engine with the Go toolchain from the source\n" +
			"around the working folder, unless this binary carries it.",
		Example: "  coexist site public\n  python3 -m http.server --directory public",
		Args:    arguments(1, 1, "one folder"),
		RunE: func(c *cobra.Command, names []string) error {
			return site(c.Context(), names[0], func(format string, args ...any) { fmt.Fprintf(c.ErrOrStderr(), format+"\n", args...) })
		},
	}
}

// site writes the folder, which must be new or empty: it appears whole or not at all. A stop leaves nothing,
// a kill a hidden folder beside it, which the next site of that name takes away.
func site(ctx context.Context, dir string, say func(string, ...any)) error {
	to, err := siteFolder(dir)
	if err != nil {
		return err
	}
	parent := filepath.Dir(to)
	if err := os.MkdirAll(parent, 0o755); err != nil {
		return wrong("%s: %v", dir, err)
	}
	mark := fmt.Sprintf(".coexist-site-%08x-", crc32.ChecksumIEEE([]byte(filepath.Base(to))))
	half, err := os.MkdirTemp(parent, mark)
	if err != nil {
		return wrong("%s: %v", dir, err)
	}
	defer os.RemoveAll(half)
	size, err := fillSite(ctx, half)
	if ctx.Err() != nil {
		return fmt.Errorf("%w: nothing is in %s, the same command begins anew", errStopped, shown(dir))
	}
	if err == nil {
		if err = os.Remove(to); errors.Is(err, fs.ErrNotExist) {
			err = nil
		}
	}
	if err == nil {
		err = os.Rename(half, to)
	}
	if err != nil {
		if _, taken := siteFolder(dir); taken != nil { // by another process meanwhile
			return taken
		}
		return fmt.Errorf("%s: %w", dir, err)
	}
	beside, _ := os.ReadDir(parent) // what cannot be read cannot be tidied
	for _, d := range beside {
		if strings.HasPrefix(d.Name(), mark) { // of a kill, or of another at work, who can no longer end well
			os.RemoveAll(filepath.Join(parent, d.Name()))
		}
	}
	say("wrote the page to %s, %.1f MB; any web server can hand it out", shown(dir), float64(size)/1e6)
	return nil
}

// siteFolder is the folder that a page is to be written to, where dir leads: a new or empty one.
func siteFolder(dir string) (string, error) {
	to := filepath.Clean(dir)
	if info, err := os.Lstat(to); err == nil && info.Mode()&fs.ModeSymlink != 0 {
		if to, err = filepath.EvalSymlinks(to); err != nil {
			return "", wrong("%s is a link that leads nowhere, want a new or empty folder", dir)
		}
	}
	if to == "." {
		return "", wrong("%s is the working folder, which cannot be replaced, want another", dir)
	}
	if outer := results.Enclosing(to); outer != "" {
		return "", wrong("%s lies in %s, which holds a result, want a folder outside it", dir, outer)
	}
	if info, err := os.Stat(to); err == nil && !info.IsDir() {
		return "", wrong("%s is a file, want a new or empty folder", dir)
	}
	if entries, err := os.ReadDir(to); err == nil && len(entries) > 0 {
		return "", wrong("%s holds %q already, want a new or empty folder", dir, entries[0].Name())
	} else if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return "", wrong("%s: %v", dir, err)
	}
	return to, nil
}

// fillSite gets the engine and writes the page into a folder of its own.
func fillSite(ctx context.Context, dir string) (size int64, err error) {
	get := carried
	if get == nil {
		get = func() (engine, error) { return buildEngine(ctx) }
	}
	eng, err := get()
	if err != nil {
		return 0, err
	}
	if size, err = writeSite(ctx, dir, eng); err != nil {
		return size, err
	}
	return size, os.Chmod(dir, 0o755)
}

// writeSite writes the files of the page and returns their size.
func writeSite(ctx context.Context, dir string, eng engine) (size int64, err error) {
	files, err := siteFiles(eng)
	if err != nil {
		return 0, err
	}
	for name, data := range files {
		if err := ctx.Err(); err != nil {
			return size, err
		}
		to := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(to), 0o755); err != nil {
			return 0, err
		}
		if err := os.WriteFile(to, data, 0o644); err != nil {
			return 0, err
		}
		size += int64(len(data))
	}
	return size, nil
}

// siteFiles returns the files of the page by their paths with slashes: the bundle, the engine, the
// catalogue and one file a place.
func siteFiles(eng engine) (map[string][]byte, error) {
	files := map[string][]byte{"coexist.wasm.gz": eng.program, "wasm_exec.js": eng.starter}
	bundle := page.Files()
	err := fs.WalkDir(bundle, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		files[name], err = fs.ReadFile(bundle, name)
		return err
	})
	if err != nil {
		return nil, err
	}
	files["LICENCES.txt"] = slices.Concat(files["LICENCES.txt"], []byte("\n"+strings.Repeat("=", 72)+
		"\nwasm_exec.js and the libraries in coexist.wasm.gz: the Go programming language (BSD-3-Clause)\n\n"), eng.licence)
	e, err := place.Read(england.FS())
	if err != nil {
		return nil, err
	}
	catalogue, err := live.NewCatalogue(e, "site", version, dataNote)
	if err != nil {
		return nil, err
	}
	if files["catalogue.json"], err = json.Marshal(catalogue); err != nil {
		return nil, err
	}
	for _, c := range catalogue.Places {
		var b bytes.Buffer
		if err := e.Pack(c.Name, &b); err != nil {
			return nil, err
		}
		if files["places/"+c.File+".place.gz"], err = pack(b.Bytes()); err != nil {
			return nil, err
		}
	}
	return files, nil
}

// pack compresses without name or time, so that the same gives the same bytes.
func pack(data []byte) ([]byte, error) {
	var b bytes.Buffer
	w, err := gzip.NewWriterLevel(&b, gzip.BestCompression)
	if err != nil {
		return nil, err
	}
	if _, err := w.Write(data); err != nil {
		return nil, err
	}
	if err := w.Close(); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

// howToGet ends an error about a missing engine.
const howToGet = "; get it by running `go run ./cmd/coexist site DIR` in the source of coexist, or use a release binary, which carries it"

// lean keeps the compiler from inlining but where a run spends its time, which makes the program a
// thirtieth smaller. Of several patterns that fit, the last holds.
var lean = []string{"-gcflags=all=-l", "-gcflags=runtime/...=", "-gcflags=internal/runtime/...=", "-gcflags=math/...=", "-gcflags=coexist/agents/...=",
	"-gcflags=coexist/market=", "-gcflags=coexist/sim=", "-gcflags=coexist/sim/place="}

// buildEngine builds the engine from the source around the working folder.
func buildEngine(ctx context.Context) (engine, error) {
	tool, err := exec.LookPath("go")
	if err != nil {
		return engine{}, fmt.Errorf("this binary does not carry the engine of the page, and there is no Go toolchain to build it%s", howToGet)
	}
	out, err := exec.CommandContext(ctx, tool, "list", "-m", "-f", "{{.Path}} {{.Dir}}").Output()
	path, source, _ := strings.Cut(strings.TrimSpace(string(out)), " ")
	if err != nil || path != "coexist" {
		return engine{}, fmt.Errorf("this binary does not carry the engine of the page, and the working folder is not in the source of coexist%s", howToGet)
	}
	tmp, err := os.MkdirTemp("", "coexist-engine-")
	if err != nil {
		return engine{}, err
	}
	defer os.RemoveAll(tmp)
	program := filepath.Join(tmp, "engine")
	build := exec.CommandContext(ctx, tool, slices.Concat([]string{"build", "-trimpath", "-buildvcs=false", "-ldflags=-s -w"}, lean, []string{"-o", program, "./cmd/page"})...)
	build.Dir = source
	build.Env = append(os.Environ(), "GOOS=js", "GOARCH=wasm", "GOFLAGS=")
	build.Cancel = func() error { return build.Process.Signal(os.Interrupt) } // so that it takes away its own temporary files
	build.WaitDelay = 10 * time.Second
	if text, err := build.CombinedOutput(); err != nil {
		return engine{}, fmt.Errorf("building the engine of the page: %w\n%s", err, text)
	}
	root, err := exec.CommandContext(ctx, tool, "env", "GOROOT").Output()
	if err != nil {
		return engine{}, fmt.Errorf("go env GOROOT: %w", err)
	}
	return readEngine(program, strings.TrimSpace(string(root)))
}

// readEngine packs a built engine with what belongs to it from the Go release.
func readEngine(program, root string) (engine, error) {
	var eng engine
	raw, err := os.ReadFile(program)
	if err != nil {
		return eng, err
	}
	if eng.program, err = pack(raw); err != nil {
		return eng, err
	}
	if eng.starter, err = os.ReadFile(filepath.Join(root, "lib", "wasm", "wasm_exec.js")); err != nil {
		return eng, fmt.Errorf("the Go release lacks the starter of WebAssembly: %w", err)
	}
	if eng.licence, err = os.ReadFile(filepath.Join(root, "LICENSE")); err != nil {
		return eng, fmt.Errorf("the Go release lacks its licence: %w", err)
	}
	return eng, nil
}
