package sim

// entry is something due for one person in a later week.
type entry struct {
	id   uint32 // lower half of the person's: tells whether the place has another owner since
	slot uint32
	at   uint16 // service or site
	kind entryKind
	left uint8 // follow-ups left, or line, or nights
}

// entryKind says what is due.
type entryKind uint8

const (
	entryFollowUp  entryKind = iota // clinic attendance after the first
	entryTests                      // tests done: the clock of someone not admitted stops
	entryReturn                     // a missed need comes back to the GP
	entryDischarge                  // end of an emergency stay
	entryHome                       // end of an elective stay
	entryDeath                      // death within 30 days of an emergency admission
)

// diary holds what is due for the people of a part: a list for each week of a ring, in the order in
// which it was arranged. All lists share one store, so that it takes 16 bytes an entry and no more.
type diary struct {
	notes       []note
	first, last [diaryWeeks]int32 // of each week: index into notes plus 1, or 0 if there is none
	free        int32             // first of the notes that are free
}

// note is an entry and what follows it in its list.
type note struct {
	entry
	next int32
}

// write notes an entry so many weeks ahead: at least one, at most a ring's length less one.
func (d *diary) write(week int32, ahead int, e entry) {
	at := d.free
	if at != 0 {
		d.free = d.notes[at-1].next
		d.notes[at-1] = note{entry: e}
	} else {
		d.notes = append(d.notes, note{entry: e})
		at = int32(len(d.notes))
	}
	page := (int(week) + min(max(ahead, 1), diaryWeeks-1)) % diaryWeeks
	if last := d.last[page]; last != 0 {
		d.notes[last-1].next = at
	} else {
		d.first[page] = at
	}
	d.last[page] = at
}

// clear frees the notes of a week.
func (d *diary) clear(week int32) {
	page := week % diaryWeeks
	if last := d.last[page]; last != 0 {
		d.notes[last-1].next = d.free
		d.free = d.first[page]
		d.first[page], d.last[page] = 0, 0
	}
}

// due lists what is due in a week.
func (d *diary) due(week int32) (list []entry) {
	for at := d.first[week%diaryWeeks]; at != 0; at = d.notes[at-1].next {
		list = append(list, d.notes[at-1].entry)
	}
	return list
}
