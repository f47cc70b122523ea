package configs

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"maps"
	"slices"

	"github.com/BurntSushi/toml"
)

// TOML returns the whole resolved scenario as a file: every key in the order of Config, on top of
// nothing but the defaults. Read back, it gives the same Config.
func (c Config) TOML() []byte {
	var b bytes.Buffer
	b.WriteString("# Resolved scenario: every key, its inheritance and --set included.\nextends = \"defaults\"\n")
	enc := toml.NewEncoder(&b)
	enc.Indent = ""
	if err := enc.Encode(c); err != nil {
		panic("configs: " + err.Error()) // a plain struct
	}
	return b.Bytes()
}

// Hash returns the SHA-256 of TOML in hexadecimal: equal for equal scenarios, whatever files, parents and
// --set they come from.
func (c Config) Hash() string {
	sum := sha256.Sum256(c.TOML())
	return hex.EncodeToString(sum[:])
}

// Clone returns a copy that shares no memory with c.
func (c Config) Clone() Config {
	c.Regime.Scope = slices.Clone(c.Regime.Scope)
	c.Regime.Entry = slices.Clone(c.Regime.Entry)
	c.Contracts = slices.Clone(c.Contracts)
	c.Reforms = slices.Clone(c.Reforms)
	for i, r := range c.Reforms {
		set := maps.Clone(r.Set)
		for key, v := range set {
			switch v := v.(type) {
			case []string:
				set[key] = slices.Clone(v)
			case []Contract:
				set[key] = slices.Clone(v)
			}
		}
		c.Reforms[i].Set = set
	}
	return c
}
