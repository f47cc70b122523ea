package docs_test

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
)

// What the Citation File Format 1.2.0 (schema.json of the format's own repository) allows at the top of a
// file and wants there. Values are strings but for lists.
var (
	cffKeys = strings.Fields("abstract authors cff-version commit contact date-released doi identifiers keywords license license-url " +
		"message preferred-citation references repository repository-artifact repository-code title type url version")
	cffRequired = []string{"cff-version", "message", "title", "authors"}
	cffLists    = []string{"authors", "contact", "identifiers", "keywords", "references"}
	// Keys of an author: of an entity, then of a person.
	cffAuthor = strings.Fields("address alias city country date-end date-start email fax location name orcid post-code region tel website " +
		"affiliation family-names given-names name-particle name-suffix")
)

// cffEntry is a key of a citation file with its value or, of a list, its items; an item is a value or the keys and
// values of a mapping.
type cffEntry struct {
	key   string
	value string
	items []map[string]string // a plain item has its value under ""
}

// readCFF reads as much YAML as a citation file needs: keys with values on one line, and lists of values or of
// mappings. Anything else is an error.
func readCFF(text string) ([]cffEntry, error) {
	var all []cffEntry
	pair := regexp.MustCompile(`^([a-z-]+): *(.*)$`)
	for n, line := range strings.Split(strings.TrimRight(text, "\n"), "\n") {
		item, isItem := strings.CutPrefix(line, "  - ")
		more, isMore := strings.CutPrefix(line, "    ")
		switch m := pair.FindStringSubmatch(line); {
		case m != nil:
			all = append(all, cffEntry{key: m[1], value: bare(m[2])})
		case len(all) == 0 || all[len(all)-1].value != "":
			return nil, fmt.Errorf("line %d: found %q, want a key and its value", n+1, line)
		case isItem:
			last := &all[len(all)-1]
			if m := pair.FindStringSubmatch(item); m != nil {
				last.items = append(last.items, map[string]string{m[1]: bare(m[2])})
			} else {
				last.items = append(last.items, map[string]string{"": bare(item)})
			}
		case isMore && pair.MatchString(more) && len(all[len(all)-1].items) > 0:
			m := pair.FindStringSubmatch(more)
			items := all[len(all)-1].items
			items[len(items)-1][m[1]] = bare(m[2])
		default:
			return nil, fmt.Errorf("line %d: found %q, want a key, or an item of a list", n+1, line)
		}
	}
	return all, nil
}

// bare takes the quotes off a value.
func bare(s string) string { return strings.Trim(strings.TrimSpace(s), `"`) }

// cffFaults says what keeps a text from being a citation file of version 1.2.0.
func cffFaults(text string) []string {
	all, err := readCFF(text)
	if err != nil {
		return []string{err.Error()}
	}
	var faults []string
	fault := func(format string, values ...any) { faults = append(faults, fmt.Sprintf(format, values...)) }
	seen := map[string]string{}
	for _, e := range all {
		if _, twice := seen[e.key]; twice {
			fault("%s stands twice", e.key)
		}
		seen[e.key] = e.value
		if !slices.Contains(cffKeys, e.key) {
			fault("%s is no key of the format", e.key)
		}
		if slices.Contains(cffLists, e.key) != (len(e.items) > 0) || (e.value == "") != (len(e.items) > 0) {
			fault("%s has the value %q and %d items, want one or the other as the format says", e.key, e.value, len(e.items))
		}
		said := map[string]bool{}
		for _, item := range e.items {
			if once := fmt.Sprint(item); said[once] {
				fault("%s has %v twice", e.key, item)
			} else {
				said[once] = true
			}
			for key, value := range item {
				if value == "" || (e.key == "keywords") != (key == "") || e.key == "authors" && !slices.Contains(cffAuthor, key) {
					fault("%s has an item with %q: %q", e.key, key, value)
				}
			}
			if e.key == "authors" && item["name"] == "" && item["family-names"] == "" && item["given-names"] == "" {
				fault("an author has no name")
			}
		}
	}
	for _, key := range cffRequired {
		if _, ok := seen[key]; !ok {
			fault("%s is missing", key)
		}
	}
	for key, want := range map[string]string{
		"cff-version":   `^1\.2\.0$`,
		"type":          `^(software|dataset)$`,
		"license":       `^[A-Za-z0-9.+-]+$`,
		"date-released": `^\d{4}-\d{2}-\d{2}$`,
		"doi":           `^10\.\d{4,9}(\.\d+)?/\S+$`,
		"url":           `^(https?|s?ftp)://.+`, "repository": `^(https?|s?ftp)://.+`, "repository-code": `^(https?|s?ftp)://.+`,
	} {
		if value, ok := seen[key]; ok && !regexp.MustCompile(want).MatchString(value) {
			fault("%s is %q, want %s", key, value, want)
		}
	}
	if date, ok := seen["date-released"]; ok {
		if _, err := time.Parse(time.DateOnly, date); err != nil {
			fault("date-released: %v", err)
		}
	}
	slices.Sort(faults)
	return faults
}

// TestCitationFormat: CITATION.cff keeps to the Citation File Format, and what does not is found.
func TestCitationFormat(t *testing.T) {
	text := read(t, "CITATION.cff")
	for _, f := range cffFaults(text) {
		t.Errorf("CITATION.cff: %s", f)
	}
	for _, broken := range []struct{ old, now, want string }{
		{"type: software", "tipe: software", "tipe is no key of the format"},
		{"cff-version: 1.2.0", "cff-version: 1.1.0", `cff-version is "1.1.0"`},
		{"message:", "massage:", "message is missing"},
		{"- name:", "- nom:", "an author has no name"},
		{"  - England", "  - competition", "keywords has map[:competition] twice"},
		{"license: MIT", "license: MIT License", `license is "MIT License"`},
		{"\nkeywords:", "\nkeywords: none", "found \"  - agent-based model\""},
		{regexp.MustCompile(`\d{4}-\d{2}-\d{2}`).FindString(text), "2026-02-30", "date-released: parsing time"},
	} {
		if got := strings.Join(cffFaults(strings.Replace(text, broken.old, broken.now, 1)), "; "); !strings.Contains(got, broken.want) {
			t.Errorf("%q for %q: found %q, want it to say %q", broken.now, broken.old, got, broken.want)
		}
	}
}

// Terms of the CodeMeta 3.0 context that name software, those whose values are links (@type: @id), and the types that it has.
var (
	codemetaTerms = strings.Fields("address affiliation applicationCategory applicationSubCategory author buildInstructions citation " +
		"codeRepository continuousIntegration contributor copyrightHolder copyrightYear creator dateCreated dateModified datePublished " +
		"description developmentStatus downloadUrl editor email embargoEndDate encoding familyName fileFormat fileSize funder funding " +
		"givenName hasPart hasSourceCode identifier installUrl isAccessibleForFree isPartOf isSourceCodeOf issueTracker keywords license " +
		"maintainer memoryRequirements name operatingSystem permissions position processorRequirements producer programmingLanguage " +
		"provider publisher readme referencePublication relatedLink releaseNotes review runtimePlatform sameAs softwareHelp " +
		"softwareRequirements softwareSuggestions softwareVersion sponsor storageRequirements supportingData targetProduct url version")
	codemetaLinks = strings.Fields("applicationCategory applicationSubCategory buildInstructions codeRepository continuousIntegration " +
		"developmentStatus downloadUrl fileFormat hasSourceCode identifier installUrl isSourceCodeOf issueTracker license memoryRequirements " +
		"readme referencePublication relatedLink review sameAs softwareRequirements softwareSuggestions storageRequirements url")
	codemetaTypes = strings.Fields("Organization Person Review Role SoftwareSourceCode SoftwareApplication")
)

// codemetaFaults says which terms and types of an object CodeMeta does not know, and which links are none: a reader of
// JSON-LD drops those or takes them for addresses beside the file.
func codemetaFaults(object map[string]any, where string) []string {
	var faults []string
	fault := func(format string, values ...any) {
		faults = append(faults, where+": "+fmt.Sprintf(format, values...))
	}
	kind, _ := object["@type"].(string)
	if schema, ok := strings.CutPrefix(kind, "schema:"); !slices.Contains(codemetaTypes, kind) && (!ok || schema == "") {
		fault("@type is %q, want one of %s, or schema: and one of schema.org", kind, strings.Join(codemetaTypes, ", "))
	}
	for term, value := range object {
		if strings.HasPrefix(term, "@") {
			continue
		}
		if !slices.Contains(codemetaTerms, term) {
			fault("%s is no term", term)
		}
		values, isList := value.([]any)
		if !isList {
			values = []any{value}
		}
		for _, v := range values {
			switch v := v.(type) {
			case map[string]any:
				faults = append(faults, codemetaFaults(v, where+"."+term)...)
			case string:
				if v == "" || slices.Contains(codemetaLinks, term) && !strings.Contains(v, "://") {
					fault("%s is %q, want a text or, of a link, an address", term, v)
				}
				if _, err := time.Parse(time.DateOnly, v); strings.HasPrefix(term, "date") && err != nil {
					fault("%s is %q, want a date", term, v)
				}
			default:
				fault("%s is %v, want text", term, v)
			}
		}
	}
	slices.Sort(faults)
	return faults
}

// TestCodemetaFormat: codemeta.json has terms and types of CodeMeta 3.0 alone, and what is none is found.
func TestCodemetaFormat(t *testing.T) {
	parse := func(text string) map[string]any {
		var object map[string]any
		if err := json.Unmarshal([]byte(text), &object); err != nil {
			t.Fatal(err)
		}
		return object
	}
	text := read(t, "codemeta.json")
	whole := parse(text)
	if whole["@context"] != "https://w3id.org/codemeta/3.0" || whole["@type"] != "SoftwareSourceCode" {
		t.Errorf("codemeta.json is a %v of %v, want a SoftwareSourceCode of CodeMeta 3.0", whole["@type"], whole["@context"])
	}
	for _, f := range codemetaFaults(whole, "codemeta.json") {
		t.Error(f)
	}
	for _, broken := range []struct{ old, now, want string }{
		{`"keywords"`, `"tags"`, "tags is no term"},
		{`"https://spdx.org/licenses/MIT"`, `"MIT"`, `license is "MIT"`},
		{`"Organization"`, `"Team"`, `.author: @type is "Team"`},
		{`"datePublished": "2`, `"datePublished": "x2`, "want a date"},
	} {
		if got := strings.Join(codemetaFaults(parse(strings.Replace(text, broken.old, broken.now, 1)), ""), "; "); !strings.Contains(got, broken.want) {
			t.Errorf("%s for %s: found %q, want it to say %q", broken.now, broken.old, got, broken.want)
		}
	}
}

// TestCitation: CITATION.cff, codemeta.json, the program and the changelog agree.
func TestCitation(t *testing.T) {
	entries, err := readCFF(read(t, "CITATION.cff"))
	if err != nil {
		t.Fatal(err)
	}
	cff := map[string]string{}
	var authors, keywords []string
	for _, e := range entries {
		cff[e.key] = e.value
		for _, item := range e.items {
			switch e.key {
			case "authors":
				authors = append(authors, item["name"])
			case "keywords":
				keywords = append(keywords, item[""])
			}
		}
	}
	var meta struct {
		Name        string   `json:"name"`
		Description string   `json:"description"`
		Version     string   `json:"version"`
		License     string   `json:"license"`
		Date        string   `json:"datePublished"`
		Keywords    []string `json:"keywords"`
		Language    struct {
			Version string `json:"version"`
		} `json:"programmingLanguage"`
		Author []struct {
			Name string `json:"name"`
		} `json:"author"`
	}
	if err := json.Unmarshal([]byte(read(t, "codemeta.json")), &meta); err != nil {
		t.Fatal(err)
	}
	same := func(what, cff, codemeta string) {
		if cff == "" || cff != codemeta {
			t.Errorf("%s: CITATION.cff says %q, codemeta.json %q", what, cff, codemeta)
		}
	}
	same("title", cff["title"], meta.Name)
	same("abstract", cff["abstract"], meta.Description)
	same("version", cff["version"], meta.Version)
	same("licence", "https://spdx.org/licenses/"+cff["license"], meta.License)
	same("date", cff["date-released"], meta.Date)
	var names []string
	for _, a := range meta.Author {
		names = append(names, a.Name)
	}
	same("keywords", strings.Join(keywords, "; "), strings.Join(meta.Keywords, "; "))
	same("authors", strings.Join(authors, "; "), strings.Join(names, "; "))
	year, _, _ := strings.Cut(cff["date-released"], "-")
	if says := "coexist, version " + cff["version"] + ", " + year + "."; !strings.Contains(read(t, "README.md"), says) {
		t.Errorf("README.md does not say %q", says)
	}
	for file, says := range map[string]string{"go.mod": "\ngo " + meta.Language.Version, "README.md": " " + meta.Language.Version + " installed"} {
		if !strings.Contains(read(t, file), says) {
			t.Errorf("%s is not of Go %s, as codemeta.json", file, meta.Language.Version)
		}
	}
	if !strings.Contains(read(t, "CHANGELOG.md"), "## ["+cff["version"]+"]") {
		t.Errorf("CHANGELOG.md has no version %s", cff["version"])
	}
	if !strings.Contains(read(t, "cmd/coexist/version.go"), `version = "`+cff["version"]+`"`) {
		t.Errorf("the program is not of version %s", cff["version"])
	}
	cite := read(t, "cmd/coexist/cite.go")
	if !strings.Contains(cite, `released = "`+cff["date-released"]+`"`) || !strings.Contains(cite, "{{"+authors[0]+"}}") || !strings.Contains(cite, "{"+cff["title"]+"}") {
		t.Errorf("coexist cite does not say %s, %s and %s", authors[0], cff["title"], cff["date-released"])
	}
	if !strings.HasPrefix(read(t, "LICENSE"), cff["license"]+" License") {
		t.Errorf("LICENSE is not %s", cff["license"])
	}
}
