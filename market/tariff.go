package market

// Tariff pays a price for each unit of the service bought (Payment by Results). Emergency
// admissions above the year's base are paid at the marginal rate (30 % in 2010/11).
type Tariff struct{}

// Pay returns the sum of units times prices over the units that belong to the service.
func (Tariff) Pay(a Activity, t Terms) Pence {
	p := &t.Prices
	gp := Pence(a.GP)*p.GP + Pence(a.Nurse)*p.Nurse
	outpatient := Pence(a.First)*p.First + Pence(a.FollowUp)*p.FollowUp
	elective := Pence(a.DayCase)*p.DayCase + Pence(a.Inpatient)*p.Inpatient
	other := Pence(a.Other) * p.Other
	ae := Pence(a.AE) * p.AE
	social := Pence(a.Social) * p.Social
	switch t.Service {
	case ServiceGP:
		return gp
	case ServiceOutpatient:
		return outpatient
	case ServiceElective:
		return elective
	case ServiceAdmissions:
		return other
	case ServiceEmergency:
		return emergencies(&a, &t)
	case ServiceAE:
		return ae
	case ServicePathway:
		return outpatient + elective
	case ServiceSocialCare:
		return social
	case ServiceWhole:
		return gp + outpatient + elective + other + emergencies(&a, &t) + ae + social
	}
	return 0 // a facility, quality and the rest have no units of care
}

// emergencies pays admissions within the year's base in full and those above it in part. The base
// is the year's, not the week's, so that a hard winter is not taken for growth.
func emergencies(a *Activity, t *Terms) Pence {
	full := a.Emergency
	if t.EmergencyBase > 0 {
		full = min(max(t.EmergencyBase-a.EmergencySoFar, 0), a.Emergency)
	}
	above := Pence(a.Emergency-full) * t.Prices.Emergency
	return Pence(full)*t.Prices.Emergency + above.Times(t.Marginal)
}
