//go:build !js

package configs

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/google/jsonschema-go/jsonschema"
)

// Schema returns the JSON Schema (2020-12) of scenario files, for editors. It knows every key, its
// type, range, choices, unit and source, and nothing of combinations, which Read checks. The names
// of measures and places go into $defs, for files that refer to them.
func Schema(measures, places []string) ([]byte, error) {
	s := object("A scenario of coexist: what differs from the scenario that it extends.")
	s.Schema = "https://json-schema.org/draft/2020-12/schema"
	s.Title = "coexist scenario"
	s.Required = []string{"extends"}
	put(s, "extends", &jsonschema.Schema{Type: "string", MinLength: ptr(1),
		Description: "Built-in scenario or relative path. Built in: defaults, " + strings.Join(builtins, ", ") + "."})
	put(s, "name", &jsonschema.Schema{Type: "string", MaxLength: ptr(64), Pattern: nameForm,
		Description: "Short name, used in tables and file names; by default the file's."})
	put(s, "title", &jsonschema.Schema{Type: "string", MaxLength: ptr(120), Description: "Plain name for figures."})
	put(s, "about", &jsonschema.Schema{Type: "string", MaxLength: ptr(2000),
		Description: "Who pays whom, who decides what, what patients may choose."})
	put(s, "contract", contractSchema())
	put(s, "reform", reformSchema())
	for _, section := range book().sections {
		put(s, section, sectionSchema(section))
	}
	s.Defs = make(map[string]*jsonschema.Schema)
	for name, words := range map[string][]string{"measure": measures, "place": places} {
		if len(words) > 0 {
			s.Defs[name] = &jsonschema.Schema{Type: "string", Enum: enum(words)}
		}
	}
	text, err := json.MarshalIndent(s, "", "  ")
	if err != nil {
		return nil, fmt.Errorf("schema: %w", err)
	}
	return append(text, '\n'), nil
}

// object returns a closed object.
func object(description string) *jsonschema.Schema {
	return &jsonschema.Schema{Type: "object", Description: description,
		Properties:           make(map[string]*jsonschema.Schema),
		AdditionalProperties: &jsonschema.Schema{Not: &jsonschema.Schema{}}}
}

// put adds a property after the others.
func put(s *jsonschema.Schema, key string, property *jsonschema.Schema) {
	s.Properties[key] = property
	s.PropertyOrder = append(s.PropertyOrder, key)
}

func sectionSchema(section string) *jsonschema.Schema {
	s := object("")
	for _, p := range book().list {
		if name, leaf, _ := strings.Cut(p.Key, "."); name == section {
			put(s, leaf, p.schema())
		}
	}
	return s
}

// schema returns the schema of one value.
func (p Parameter) schema() *jsonschema.Schema {
	s := &jsonschema.Schema{Type: p.Type, Description: p.Meaning}
	if p.Unit != "" {
		s.Description += " Unit: " + p.Unit + "."
	}
	s.Description += " Source: " + p.Source + "."
	if len(p.Swept) == 2 {
		s.Description += fmt.Sprintf(" Plausible: %v to %v.", p.Swept[0], p.Swept[1])
	}
	s.Default, _ = json.Marshal(p.Default) // plain values
	switch {
	case p.Type == "list":
		s.Type, s.UniqueItems = "array", true
		s.Items = &jsonschema.Schema{Type: "string", Enum: enum(p.Choices)}
	case p.Unit == "month":
		s.Pattern = aprilForm
	case p.Choices != nil:
		s.Enum = enum(p.Choices)
	case p.Range != nil:
		s.Minimum, s.Maximum = ptr(p.Range[0]), ptr(p.Range[1])
	}
	return s
}

func contractSchema() *jsonschema.Schema {
	k := object("")
	k.Required = []string{"payer", "payee", "service", "kind"}
	word := func(key string, words []string, description string) {
		put(k, key, &jsonschema.Schema{Type: "string", Enum: enum(words), Description: description})
	}
	word("payer", Roles, "Who pays.")
	word("payee", Roles, "Who is paid.")
	word("service", Services, "What is paid for.")
	word("kind", Kinds, "How.")
	put(k, "price", &jsonschema.Schema{Type: "number", Minimum: ptr(0.0), Maximum: ptr(maxPrice),
		Default: json.RawMessage("1"), Description: "Multiple of the reference price."})
	return &jsonschema.Schema{Type: "array", Items: k, Description: "Who pays whom for what; a child's list replaces its parent's."}
}

func reformSchema() *jsonschema.Schema {
	set := object("Values from then on, by section.key.")
	set.MinProperties = ptr(1)
	for _, section := range book().sections {
		if slices.Contains(fixedSections, section) {
			continue
		}
		table := sectionSchema(section)
		put(set, section, table)
		for _, leaf := range table.PropertyOrder {
			put(set, section+"."+leaf, table.Properties[leaf].CloneSchemas())
		}
	}
	put(set, "contract", contractSchema())
	r := object("")
	r.Required = []string{"when", "set"}
	put(r, "when", &jsonschema.Schema{Type: "string", Pattern: monthForm, Description: "Month, such as 2013-04."})
	put(r, "set", set)
	return &jsonschema.Schema{Type: "array", Items: r, Description: "Dated changes; a child's list replaces its parent's."}
}

// enum makes words values of an enumeration.
func enum(words []string) []any {
	list := make([]any, len(words))
	for i, w := range words {
		list[i] = w
	}
	return list
}

func ptr[T any](v T) *T { return &v }
