package place

// allLines has a bit for every service line.
const allLines = 1<<Lines - 1

// bits returns the set of the lines given.
func bits(lines ...Line) uint16 {
	var set uint16
	for _, l := range lines {
		set |= 1 << l
	}
	return set
}

// specialistLines tells what each specialist site offers of the eight lines; no source lists it.
// Assumption, from what the sites are known for: cancer, neurology and neurosurgery are none of the
// lines, so such sites have beds and staff of their own but nobody is referred there.
var specialistLines = map[string]uint16{
	"RAN01": bits(Orthopaedics),  // Royal National Orthopaedic, Stanmore
	"RBQHQ": bits(Cardiology),    // Liverpool Heart and Chest
	"RBV01": 0,                   // Christie, cancer
	"REN20": 0,                   // Clatterbridge Cancer Centre
	"REP01": bits(Gynaecology),   // Liverpool Women's
	"RET20": 0,                   // Walton Centre, neurology
	"RGM21": bits(Cardiology),    // Royal Papworth
	"RHM12": bits(Gynaecology),   // Princess Anne, Southampton
	"RHQWP": 0,                   // Weston Park, cancer
	"RL131": bits(Orthopaedics),  // Robert Jones and Agnes Hunt
	"RLNGM": bits(Ophthalmology), // Sunderland Eye Infirmary
	"RP601": bits(Ophthalmology), // Moorfields
	"RPC04": bits(Ophthalmology), // Queen Victoria, eyes beside burns and plastic surgery
	"RPY01": 0,                   // Royal Marsden, Chelsea
	"RPY02": 0,                   // Royal Marsden, Sutton
	"RQ370": bits(Gynaecology),   // Birmingham Women's
	"RRJ05": bits(Orthopaedics),  // Royal Orthopaedic, Birmingham
	"RRV30": bits(Surgery),       // Westmoreland Street, urology and thoracic surgery
	"RRVNQ": 0,                   // National Hospital for Neurology
	"RT301": bits(Cardiology),    // Harefield
	"RT302": bits(Cardiology),    // Royal Brompton
	"RTH03": bits(Orthopaedics),  // Nuffield Orthopaedic Centre
	"RWH04": 0,                   // Mount Vernon Cancer Centre
	"RYJ04": bits(Gynaecology),   // Queen Charlotte's
	"RYJ07": bits(Ophthalmology), // Western Eye
}

// linesOf returns the lines that a site offers, by kind and, for specialist sites, by code.
// Assumption: acute and tertiary sites offer all; elective sites, which have no emergency
// department, the surgical ones; children's hospitals none, because a line makes no difference
// between children and adults and would send adults there.
func linesOf(code, kind string) uint16 {
	switch kind {
	case "acute", "tertiary":
		return allLines
	case "elective":
		return bits(Surgery, Orthopaedics, Ophthalmology, Gynaecology, ENT)
	case "specialist":
		return specialistLines[code]
	}
	return 0
}

// General reports whether the site is a general hospital: every line and an emergency department.
func (h *Hospital) General() bool { return h.HasAE && h.Lines == allLines }
