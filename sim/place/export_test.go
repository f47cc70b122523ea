package place

// HasSpecialistLines reports whether a specialist site has an entry in the table of lines.
func HasSpecialistLines(code string) bool {
	_, ok := specialistLines[code]
	return ok
}

// Targets returns the lists of a place's practices as England has them, before the fit.
func Targets(e *England, p *Place) []float64 {
	byCode := map[string]float64{}
	for i := range e.practices {
		byCode[e.practices[i].Code] = float64(e.practices[i].List)
	}
	out := make([]float64, len(p.Practices))
	for i := range p.Practices {
		out[i] = byCode[p.Practices[i].Code]
	}
	return out
}

// Exp is exp, for tests.
func Exp(x float64) float64 { return exp(x) }

// Scope is a scope, for tests.
type Scope = scope

// Find is find, for tests.
func (e *England) Find(name string) (Scope, error) { return e.find(name) }

// Check is check, for tests.
func (s Spec) Check() error { return s.check() }
