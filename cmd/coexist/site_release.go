//go:build carry

package main

import "embed"

// A release binary carries the engine of the page: built with -tags carry after the three files have
// been put into the folder engine beside this one, as .ci/browser/carry does.
//
//go:embed engine/coexist.wasm.gz engine/wasm_exec.js engine/LICENSE
var engineFiles embed.FS

func init() {
	carried = func() (eng engine, err error) {
		for name, to := range map[string]*[]byte{"coexist.wasm.gz": &eng.program, "wasm_exec.js": &eng.starter, "LICENSE": &eng.licence} {
			if *to, err = engineFiles.ReadFile("engine/" + name); err != nil {
				return eng, err
			}
		}
		return eng, nil
	}
}
