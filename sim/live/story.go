package live

import (
	"cmp"
	"fmt"
	"math/bits"
	"slices"
	"strings"

	"coexist/sim"
)

// Story is a person who can be followed from end to end.
type Story struct {
	Who  string `json:"who"`  // in a few words, for a list
	Text string `json:"text"` // who they are at the start, in a sentence
	Tag  string `json:"tag"`  // why picked: country, town, old, ill, child
}

// Told is one step of a pathway in words, with the way that it took on the map.
type Told struct {
	Story int    `json:"story"`
	Week  int32  `json:"week"`
	Kind  string `json:"kind"` // gp, nurse, referred, clinic, treated, emergency, home, lost, harm, life
	Text  string `json:"text"`
	From  []int  `json:"from,omitempty"` // x, y in 1/65535
	To    []int  `json:"to,omitempty"`
}

// storiesEach is how many people are picked for each reason.
const storiesEach = 8

// pickStories picks people whose lives show something: the ill, the old, the young, in town and in the
// country. Who is picked follows from the place, the sample and the seed alone.
func (r *runner) pickStories() []Story {
	tags := []struct {
		tag string
		is  func(p *sim.Person, rural bool) bool
	}{
		{"country", func(p *sim.Person, rural bool) bool {
			return rural && bits.OnesCount32(p.Conditions) >= 2 && p.Age < 85
		}},
		{"ill", func(p *sim.Person, rural bool) bool {
			return !rural && bits.OnesCount32(p.Conditions) >= 3 && p.Age < 80
		}},
		{"old", func(p *sim.Person, _ bool) bool { return p.Age >= 72 && p.Age < 85 }},
		{"town", func(p *sim.Person, rural bool) bool { return !rural && p.Age >= 25 && p.Age < 65 }},
		{"child", func(p *sim.Person, _ bool) bool { return p.Age < 12 }},
	}
	type one struct {
		n    int
		luck uint64
		who  sim.Person
	}
	var people []one
	for n := range r.watch.Len() {
		address, _ := r.watch.Address(n)
		if p, ok := r.m.Person(address); ok {
			people = append(people, one{n, mix(p.ID), p})
		}
	}
	slices.SortFunc(people, func(a, b one) int { return cmp.Compare(a.luck, b.luck) })
	taken := map[int]bool{}
	var list []Story
	for _, t := range tags {
		found := 0
		for _, o := range people {
			if found == storiesEach {
				break
			}
			if taken[o.n] || !t.is(&o.who, r.place.Areas[o.who.Area].Rural) {
				continue
			}
			taken[o.n] = true
			found++
			r.storyOf[o.n] = len(r.stories)
			r.stories = append(r.stories, o.n)
			list = append(list, r.introduce(&o.who, t.tag))
		}
	}
	return list
}

// introduce says who a person is.
func (r *runner) introduce(p *sim.Person, tag string) Story {
	sex := "man"
	switch {
	case p.Female && p.Age < 18:
		sex = "girl"
	case p.Age < 18:
		sex = "boy"
	case p.Female:
		sex = "woman"
	}
	where := "in town"
	if r.place.Areas[p.Area].Rural {
		where = "in the country"
	}
	s := Story{Who: fmt.Sprintf("%s of %d, %s", upper(article(sex)), p.Age, where), Tag: tag}
	s.Text = fmt.Sprintf("%s of %d who lives %s", upper(article(sex)), p.Age, where)
	if ill := r.conditions(p.Conditions); ill != "" {
		s.Text += " with " + ill
	}
	s.Text += ", registered with " + r.practice(p.Practice)
	if p.System != sim.None {
		s.Text += " and so with " + r.m.Systems()[p.System].Name
	}
	s.Text += "."
	return s
}

// article puts a or an before a word.
func article(w string) string {
	if strings.ContainsAny(w[:1], "aeiou") {
		return "an " + w
	}
	return "a " + w
}

func upper(s string) string { return strings.ToUpper(s[:1]) + s[1:] }

// practice is the name of a practice.
func (r *runner) practice(i uint16) string { return title(r.place.Practices[i].Name) }

// conditions joins the names of long-term conditions.
func (r *runner) conditions(set uint32) string {
	var names []string
	for k := range r.place.Health.Conditions {
		if set>>k&1 == 1 {
			names = append(names, r.condition(k))
		}
	}
	switch n := len(names); n {
	case 0:
		return ""
	case 1:
		return names[0]
	default:
		return strings.Join(names[:n-1], ", ") + " and " + names[n-1]
	}
}

// condition is the name of a condition within a sentence.
func (r *runner) condition(k int) string {
	c := &r.place.Health.Conditions[k]
	switch c.Code {
	case "HYP":
		return "high blood pressure"
	case "STIA":
		return "a stroke in the past"
	case "DM":
		return "diabetes"
	case "COPD":
		return "COPD"
	case "LD":
		return "a learning disability"
	}
	return strings.ToLower(c.Name)
}

// clinics are the specialties as people say them, in the order of the service lines.
var clinics = []string{"medical", "surgical", "bone and joint", "eye", "heart", "women's", "ear, nose and throat", "skin"}

// tell puts the steps of a week into words, for the people whose stories are told.
func (r *runner) tell(steps []sim.PathStep) {
	for k := range steps {
		t := &steps[k]
		story, ok := r.storyOf[t.Who]
		if !ok {
			continue
		}
		told := Told{Story: story, Week: t.Week}
		if address, alive := r.watch.Address(t.Who); alive {
			if p, ok := r.m.Person(address); ok {
				told.From, told.To = r.way(t, &p)
			}
		}
		told.Kind, told.Text = r.sentence(t)
		if told.Text != "" {
			r.steps = append(r.steps, told)
		}
	}
}

// way is where a step begins and ends on the map, in 1/65535; nil for one that leads nowhere.
func (r *runner) way(t *sim.PathStep, p *sim.Person) (from, to []int) {
	home := func() []int {
		x, y := r.homes.of(p.ID, p.Area)
		return []int{x, y}
	}
	at := func(east, north float64) []int {
		x, y := r.homes.at(east, north)
		return []int{x, y}
	}
	practice := func() []int {
		q := &r.place.Practices[p.Practice]
		return at(q.Easting, q.Northing)
	}
	hospital := func(site uint16) []int {
		h := &r.place.Hospitals[site]
		return at(h.Easting, h.Northing)
	}
	switch t.Kind {
	case sim.StepGP, sim.StepNurse:
		return home(), practice()
	case sim.StepReferred, sim.StepFirst, sim.StepFollowUp, sim.StepTreated:
		_, site, _ := r.m.Service(t.At)
		return practice(), hospital(site)
	case sim.StepAE:
		return home(), hospital(t.At)
	case sim.StepHome:
		return hospital(t.At), home()
	}
	return nil, nil
}

// service names a clinic and where it is.
func (r *runner) service(at uint16) (clinic, site string) {
	provider, s, line := r.m.Service(at)
	clinic = clinics[line] + " clinic"
	site = r.place.Hospitals[s].Name
	if o := r.m.Providers()[provider]; o.Kind != "trust" {
		site = o.Name + " at " + site
	}
	return clinic, site
}

// sentence puts one step into words.
func (r *runner) sentence(t *sim.PathStep) (kind, text string) {
	site := func() string { return r.place.Hospitals[t.At].Name }
	weeks := func() string {
		switch t.N {
		case 0:
			return "less than a week"
		case 1:
			return "a week"
		}
		return fmt.Sprintf("%d weeks", t.N)
	}
	switch t.Kind {
	case sim.StepGP:
		if t.N == 1 {
			return "gp", "Saw the usual GP."
		}
		return "gp", fmt.Sprintf("Saw another GP of the practice, number %d: not the one who knows them.", t.At+1)
	case sim.StepNurse:
		return "nurse", "Saw the practice nurse."
	case sim.StepMissed:
		return "lost", "The GP overlooked that a specialist was needed."
	case sim.StepReferred:
		clinic, where := r.service(t.At)
		return "referred", fmt.Sprintf("Referred to the %s of %s.", clinic, where)
	case sim.StepFirst:
		clinic, where := r.service(t.At)
		return "clinic", fmt.Sprintf("Seen for the first time at the %s of %s, %s after the referral.", clinic, where, weeks())
	case sim.StepList:
		return "clinic", "Put on the list for treatment."
	case sim.StepFollowUp:
		clinic, where := r.service(t.At)
		return "clinic", fmt.Sprintf("Seen again at the %s of %s.", clinic, where)
	case sim.StepTests:
		return "clinic", fmt.Sprintf("Tests are done: no treatment needed, %s after the referral.", weeks())
	case sim.StepTreated:
		_, where := r.service(t.At)
		return "treated", fmt.Sprintf("Treated by %s, %s after the referral.", where, weeks())
	case sim.StepGaveUp:
		return "lost", fmt.Sprintf("Never went to the clinic; taken off the queue after %s.", weeks())
	case sim.StepAE:
		return "emergency", fmt.Sprintf("Went to A&E at %s.", site())
	case sim.StepEmergency:
		if t.N == 1 {
			return "emergency", "Admitted as an emergency that good care outside hospital might have prevented."
		}
		return "emergency", "Admitted as an emergency."
	case sim.StepAgain:
		return "emergency", "It was a readmission."
	case sim.StepHome:
		return "home", fmt.Sprintf("Came home from %s.", site())
	case sim.StepHandoff:
		if t.N == 1 {
			return "handed", "Handed over from one team to another: all went well."
		}
		return "handed", fmt.Sprintf("Handed over %d times between teams: all went well.", t.N)
	case sim.StepLost:
		if t.N == 1 {
			return "lost", "A handover failed: what one team knew did not reach the next."
		}
		return "lost", fmt.Sprintf("%d handovers failed: what one team knew did not reach the next.", t.N)
	case sim.StepHarm:
		return "harm", "Harmed by care."
	}
	return r.life(t)
}

// life puts into words what is no care.
func (r *runner) life(t *sim.PathStep) (kind, text string) {
	switch t.Kind {
	case sim.StepIll:
		return "life", "Now has " + r.condition(int(t.At)) + "."
	case sim.StepMoved:
		return "life", "Moved home."
	case sim.StepPractice:
		return "life", "Registered with " + r.practice(t.At) + "."
	case sim.StepSystem:
		if t.At == sim.None {
			return "life", "Is in no system any more."
		}
		return "life", "Now belongs to " + r.m.Systems()[t.At].Name + "."
	case sim.StepDied:
		return "life", "Died."
	}
	return "", ""
}
