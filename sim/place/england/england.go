// Package england embeds the tables of England that package place reads: small areas with their
// residents, practices, hospital sites, borders and national tables of illness and death.
// LICENCE.md beside them says where each comes from and under which licence; compact.go made them.
package england

import (
	"embed"
	"io/fs"
)

//go:embed tables
var tables embed.FS

// FS returns the tables, one file each, for place.Read.
func FS() fs.FS {
	sub, err := fs.Sub(tables, "tables")
	if err != nil {
		panic(err) // the folder is embedded above, so this cannot happen
	}
	return sub
}
