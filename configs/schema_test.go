//go:build !js

package configs

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/BurntSushi/toml"
	"github.com/google/jsonschema-go/jsonschema"
)

// schemaOf returns a function that validates the TOML text of a scenario.
func schemaOf(t *testing.T) func(text string) error {
	t.Helper()
	text, err := Schema([]string{"emergencies"}, []string{"Devon"})
	if err != nil {
		t.Fatal(err)
	}
	var schema jsonschema.Schema
	if err := json.Unmarshal(text, &schema); err != nil {
		t.Fatal(err)
	}
	resolved, err := schema.Resolve(nil)
	if err != nil {
		t.Fatal(err)
	}
	return func(text string) error {
		var tree map[string]any
		if _, err := toml.Decode(text, &tree); err != nil {
			t.Fatal(err)
		}
		asJSON, err := json.Marshal(tree)
		if err != nil {
			t.Fatal(err)
		}
		var instance any
		if err := json.Unmarshal(asJSON, &instance); err != nil {
			t.Fatal(err)
		}
		return resolved.Validate(instance)
	}
}

func TestSchemaTakesTheBuiltIn(t *testing.T) {
	validate := schemaOf(t)
	for _, name := range builtins {
		text, _ := Source(name)
		if err := validate(text); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		c, err := Read(name, Options{})
		if err != nil {
			t.Fatal(err)
		}
		if err := validate(string(c.TOML())); err != nil {
			t.Errorf("%s resolved: %v", name, err)
		}
	}
}

// Schema and reader accept the same values of every key and refuse the same.
func TestSchemaAndReaderAgree(t *testing.T) {
	validate := schemaOf(t)
	agree := func(text string, want bool) {
		t.Helper()
		bySchema := validate(text) == nil
		var found faults
		d, f := parse("x.toml", text)
		if f != nil {
			t.Fatal(f)
		}
		readLayer(d, &found)
		if byReader := len(found) == 0; bySchema != want || byReader != want {
			t.Errorf("schema %v, reader %v, want %v:\n%s%v", bySchema, byReader, want, text, found.err())
		}
	}
	for _, p := range Parameters() {
		section, leaf, _ := strings.Cut(p.Key, ".")
		try := func(value string, want bool) {
			t.Helper()
			agree(quo+"["+section+"]\n"+leaf+" = "+value+"\n", want)
		}
		try(tomlOf(t, p.Default), true)
		try(`"no such word"`, false)
		try("[[1]]", false)
		try("[true]", false)
		try(`["no such word"]`, false)
		try("{}", false)
		try("true", p.Type == "boolean")
		for _, word := range p.Choices {
			try(`"`+word+`"`, p.Type == "string")
			try(`["`+word+`"]`, p.Type == "list")
			try(`["`+word+`", "`+word+`"]`, false)
		}
		if p.Range != nil {
			try(show(p.Range[0]-1), false)
			try(show(p.Range[1]+1), false)
			try("3.5", p.Type == "number" && p.Range[0] <= 3.5 && 3.5 <= p.Range[1])
		}
	}
	for text, want := range map[string]bool{
		"":                              false,
		`extends = ""`:                  false,
		`extends = 3`:                   false,
		quo + `name = "A b"`:            false,
		quo + `title = "A b"`:           true,
		quo + `titel = "A b"`:           false,
		quo + "[Choice]":                false,
		quo + "[choice]\nMinutes = 0.1": false,
		quo + `contract = []`:           true,
		quo + `contract = [{}]`:         false,
		quo + `contract = [{payer = "government", payee = "commissioner", service = "whole", kind = "block"}]`:             true,
		quo + `contract = [{payer = "government", payee = "commissioner", service = "whole", kind = "block", price = 11}]`: false,
		quo + `contract = [{payer = "government", payee = "commissioner", service = "whole", kind = "block", prise = 1}]`:  false,
		quo + `contract = [{payer = "governments", payee = "commissioner", service = "whole", kind = "block"}]`:            false,
		quo + "[[reform]]\nwhen = \"2013-04\"\nset.\"choice.wait\" = 0.1":                                                  true,
		quo + "[[reform]]\nwhen = \"2013-04\"\nset.choice.wait = 0.1":                                                      true,
		quo + "[[reform]]\nwhen = \"2013-04\"\nset.choice.wait = 7":                                                        false,
		quo + "[[reform]]\nwhen = \"2013-4\"\nset.choice.wait = 0.1":                                                       false,
		quo + "[[reform]]\nwhen = \"2013-04\"\nset.time.years = 1":                                                         false,
		quo + "[[reform]]\nwhen = \"2013-04\"\nset.title = \"x\"":                                                          false,
		quo + "[[reform]]\nwhen = \"2013-04\"\nset = {}":                                                                   false,
		quo + "[[reform]]\nwhen = \"2013-04\"":                                                                             false,
		quo + "[time]\nstart = \"2010-05\"":                                                                                false,
		quo + "[time]\nstart = \"2011-04\"":                                                                                true,
	} {
		agree(text, want)
	}
}

// tomlOf writes a value as TOML does.
func tomlOf(t *testing.T, v any) string {
	t.Helper()
	text, err := toml.Marshal(map[string]any{"v": v})
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(strings.TrimPrefix(string(text), "v = "))
}

func TestSchemaIsStable(t *testing.T) {
	a, err := Schema([]string{"m"}, []string{"p"})
	if err != nil {
		t.Fatal(err)
	}
	for range 5 {
		if b, _ := Schema([]string{"m"}, []string{"p"}); string(a) != string(b) {
			t.Fatal("the schema differs between calls")
		}
	}
	for _, want := range []string{`"$schema": "https://json-schema.org/draft/2020-12/schema"`, `"additionalProperties": false`, `"enum": [`} {
		if !strings.Contains(string(a), want) {
			t.Errorf("no %s in the schema", want)
		}
	}
}
