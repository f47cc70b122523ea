package experiment

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"
)

// mapSentence says what the cells of one place, group and window tell about coexistence, in words that
// can be printed. It claims nothing of the real world and nothing that the worlds leave undecided.
func mapSentence(cells []CellVerdict, title string) string {
	c := cells[0]
	in := "In the model of " + title
	if kind, name, ok := strings.Cut(c.Group, ":"); ok {
		in += fmt.Sprintf(" (%s %s)", kind, name)
	}
	in += ", years " + strings.ReplaceAll(c.Years, "-", "\u2013") + ","
	if c.Years == "all" {
		in = strings.TrimSuffix(in, "years all,") + "all years,"
	}
	n := map[Verdict]int{}
	var best *CellVerdict
	for i := range cells {
		x := &cells[i]
		n[x.Verdict]++
		if x.arises() >= fewWorlds && (best == nil || x.Probability.Mean > best.Probability.Mean) {
			best = x
		}
	}
	all := len(cells)
	switch {
	case n[Undefined] == all:
		return fmt.Sprintf("%s the question of coexistence does not arise: in most of %d plausible worlds %s.", in, most(cells), nothing(cells))
	case best == nil:
		return fmt.Sprintf("%s it stays open whether competition and integration can coexist: the question arises in too few of %d plausible worlds to tell.", in, most(cells))
	case n[Holds] > 0:
		return fmt.Sprintf("%s competition and integration can coexist in %s: %s, most of all, keeps at least 80%% of what each brings, at no cost to quality or money, in %s of %s%s.",
			in, of(n[Holds], all), best.name(), share(best.Probability), best.worlds(), best.turns())
	case n[Open] > 0 && best.Verdict == Fails: // the open ones have too few worlds, or best would be one of them
		return fmt.Sprintf("%s competition and integration hardly ever coexist where enough plausible worlds have something to lose to tell, in %s: with %s, which comes nearest, they do so in %s of %s; %s.",
			in, of(n[Fails], all), best.name(), share(best.Probability), best.worlds(), best.obstacle())
	case n[Open] > 0:
		return fmt.Sprintf("%s it is open whether competition and integration can coexist: %s comes nearest and does so in %s of %s%s; %s.",
			in, best.name(), share(best.Probability), best.worlds(), best.turns(), best.obstacle())
	}
	return fmt.Sprintf("%s competition and integration hardly ever coexist in %s: with %s, which comes nearest, they do so in %s of %s; %s.",
		in, anyOf(all), best.name(), share(best.Probability), best.worlds(), best.obstacle())
}

// arises is in how many worlds there is something to lose.
func (c *CellVerdict) arises() int { return c.Worlds - c.Undefined }

// worlds says of how many worlds a probability is a share.
func (c *CellVerdict) worlds() string {
	if c.Undefined == 0 {
		return fmt.Sprintf("%d plausible worlds", c.Worlds)
	}
	return fmt.Sprintf("the %d plausible worlds of %d in which there is something to lose", c.arises(), c.Worlds)
}

// most is the number of worlds of the cell that has most.
func most(cells []CellVerdict) int {
	n := 0
	for _, c := range cells {
		n = max(n, c.Worlds)
	}
	return n
}

// of writes 3 of 12 combinations.
func of(n, all int) string {
	switch {
	case all == 1:
		return "the one combination"
	case n == all:
		return "all " + count(all, "combination")
	}
	return fmt.Sprintf("%d of %s", n, count(all, "combination"))
}

// anyOf writes any of 12 combinations.
func anyOf(all int) string {
	if all == 1 {
		return "the one combination"
	}
	return "any of " + count(all, "combination")
}

// name is the cell in words.
func (c *CellVerdict) name() string {
	return fmt.Sprintf("the combination of %s with %s", marks(cmp.Or(c.as, c.Competition)), marks(c.Integration))
}

// marks puts the words for a level in quotes, so that their commas do not run into the sentence.
func marks(s string) string { return "\u201c" + s + "\u201d" }

// turns says what the verdict depends on most.
func (c *CellVerdict) turns() string {
	if c.TurnsOn == "" {
		return ""
	}
	return fmt.Sprintf(", more often where %s is %s", c.TurnsOn, c.Where)
}

// obstacle says what stands in the way most often.
func (c *CellVerdict) obstacle() string {
	type hurdle struct {
		text string
		n    int
	}
	list := []hurdle{
		{"too little of the gain in choice is kept", c.Against[ChoiceLost]},
		{"too little of the gain against fragmentation is won", c.Against[FragmentationKept]},
		{"quality is worse than with one of the two alone", c.Against[QualityWorse]},
		{"cost is higher than with one of the two alone", c.Against[CostWorse]},
	}
	slices.SortStableFunc(list, func(a, b hurdle) int { return cmp.Compare(b.n, a.n) })
	part := func(h hurdle) string { return percent(float64(h.n) / math.Max(float64(c.arises()), 1)) }
	text := fmt.Sprintf("what stands in the way most often is that %s (%s of worlds)", list[0].text, part(list[0]))
	if list[1].n > 0 && 2*list[1].n >= list[0].n {
		text += fmt.Sprintf(" or that %s (%s)", list[1].text, part(list[1]))
	}
	return text
}

// nothing says why the question does not arise.
func nothing(cells []CellVerdict) string {
	choice, frag := 0, 0
	for _, c := range cells {
		choice += c.Against[NoChoiceToLose]
		frag += c.Against[NothingToWin]
	}
	if choice >= frag {
		return "competition alone brings no choice that could be lost"
	}
	return "integration alone avoids no fragmentation that could be avoided"
}
