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
// which it was arranged. All lists take their leaves from one store, so that no week holds on to room
// that another needs.
type diary struct {
	leaves      []leaf
	first, last [diaryWeeks]int32 // of each week: index into leaves plus 1, or 0 if there is none
	free        int32             // first of the leaves that are free
}

// leaf is two cache lines of a list.
type leaf struct {
	next    int32
	n       int32
	entries [10]entry
}

// write notes an entry so many weeks ahead: at least one, at most a ring's length less one.
func (d *diary) write(week int32, ahead int, e entry) {
	page := (int(week) + min(max(ahead, 1), diaryWeeks-1)) % diaryWeeks
	at := d.last[page]
	if at == 0 || d.leaves[at-1].n == int32(len(leaf{}.entries)) {
		at = d.turn(page)
	}
	l := &d.leaves[at-1]
	l.entries[l.n] = e
	l.n++
}

// turn puts an empty leaf at the end of a list.
func (d *diary) turn(page int) int32 {
	at := d.free
	if at != 0 {
		d.free = d.leaves[at-1].next
		d.leaves[at-1].next, d.leaves[at-1].n = 0, 0
	} else {
		d.leaves = append(d.leaves, leaf{})
		at = int32(len(d.leaves))
	}
	if last := d.last[page]; last != 0 {
		d.leaves[last-1].next = at
	} else {
		d.first[page] = at
	}
	d.last[page] = at
	return at
}

// clear frees the leaves of a week.
func (d *diary) clear(week int32) {
	page := week % diaryWeeks
	if last := d.last[page]; last != 0 {
		d.leaves[last-1].next = d.free
		d.free = d.first[page]
		d.first[page], d.last[page] = 0, 0
	}
}

// due lists what is due in a week.
func (d *diary) due(week int32) (list []entry) {
	for at := d.first[week%diaryWeeks]; at != 0; at = d.leaves[at-1].next {
		l := &d.leaves[at-1]
		list = append(list, l.entries[:l.n]...)
	}
	return list
}
