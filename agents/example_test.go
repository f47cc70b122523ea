package agents_test

import (
	"fmt"

	"coexist/agents"
)

// Four indices of continuity of a patient who saw GPs 0, 1 and 2 in this order.
func ExampleTally() {
	seen := []int{0, 0, 1, 0, 2, 0}
	visits := agents.Tally(seen, make([]int, 3))
	upc, _ := agents.UPC(visits)
	coc, _ := agents.COC(visits)
	secon, _ := agents.SECON(seen)
	mmci, _ := agents.MMCI(visits)
	fmt.Printf("%v usual provider %.2f, concentration %.2f, sequence %.2f, few providers %.2f\n", visits, upc, coc, secon, mmci)
	// Output: [4 1 1] usual provider 0.67, concentration 0.40, sequence 0.20, few providers 0.61
}
