package main

import (
	"encoding/xml"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

// markup is what a scenario may hold and no browser may run.
const markup = `</title></text><script>alert(1)</script><img src=x onerror=alert(1)>"'&{{.}}`

// active says whether a browser would run or fetch something for an element.
func active(e xml.StartElement) bool {
	switch strings.ToLower(e.Name.Local) {
	case "script", "img", "image", "iframe", "object", "embed", "foreignobject", "a", "use", "link", "animate", "set":
		return true
	}
	for _, a := range e.Attr {
		name, value := strings.ToLower(a.Name.Local), strings.ToLower(a.Value)
		if strings.HasPrefix(name, "on") || name == "href" || strings.Contains(value, "javascript:") || strings.Contains(value, "url(") {
			return true
		}
	}
	return false
}

// inert runs over every SVG and HTML file of a folder and wants each to hold the words as words alone.
func inert(ts *testscript.TestScript, _ bool, args []string) {
	pictures, found := 0, 0
	ts.Check(filepath.WalkDir(ts.MkAbs(args[0]), func(p string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		text, err := os.ReadFile(p)
		if err != nil {
			return err
		}
		switch filepath.Ext(p) {
		case ".svg":
			pictures++
			words := 0
			for d := xml.NewDecoder(strings.NewReader(string(text))); ; {
				token, err := d.Token()
				if err == io.EOF {
					break
				}
				if err != nil {
					ts.Fatalf("%s: %v", p, err)
				}
				if e, ok := token.(xml.StartElement); ok && active(e) {
					ts.Fatalf("%s holds %v", p, e)
				}
				if data, ok := token.(xml.CharData); ok && strings.Contains(string(data), "alert(1)") {
					words++
				}
			}
			if words > 0 {
				found++
			}
		case ".html":
			if strings.Contains(string(text), "<script>alert(1)") || strings.Contains(string(text), "<img src=x") {
				ts.Fatalf("%s holds markup of a scenario", p)
			}
		}
		return nil
	}))
	if pictures == 0 || found == 0 {
		ts.Fatalf("%d pictures, %d of them with the title: nothing was tried", pictures, found)
	}
}

// TestMarkupIsEscaped draws a scenario whose title is markup.
func TestMarkupIsEscaped(t *testing.T) {
	dir := t.TempDir()
	script := `exec coexist compare hostile.toml --reference status-quo --place synthetic:residents=12000 --sample 0.05 --years 2 --runs 2 --progress none --out result
inert result
exec coexist plot result --size slide --theme plain
inert result

-- hostile.toml --
extends = "airline"
title = '''` + markup + `'''
about = '''` + markup + `'''
`
	if err := os.WriteFile(filepath.Join(dir, "markup.txtar"), []byte(script), 0o666); err != nil {
		t.Fatal(err)
	}
	testscript.Run(t, testscript.Params{Dir: dir, Cmds: map[string]func(*testscript.TestScript, bool, []string){"inert": inert}})
}
