// Package page holds the students' page as built from the sources beside it (see package.json): what
// `coexist serve` and `coexist site` hand to browsers. The engine is not in it.
package page

import (
	"embed"
	"io/fs"
)

//go:embed dist
var dist embed.FS

// Files returns the bundle: index.html and what it needs.
func Files() fs.FS {
	sub, err := fs.Sub(dist, "dist")
	if err != nil {
		panic(err) // the folder is embedded above, so this cannot happen
	}
	return sub
}
