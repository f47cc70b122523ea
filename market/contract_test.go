package market

import (
	"fmt"
	"math"
	"os"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"coexist/agents/chance"
	"coexist/configs"
)

// TestContractsAreComplete names what a new kind of contract still lacks.
func TestContractsAreComplete(t *testing.T) {
	for k := range KindContracts {
		if k.Contract() == nil {
			t.Errorf("no contract for kind %v in the table of contract.go", k)
		}
		file := strings.ReplaceAll(k.String(), "-", "") + ".go"
		if _, err := os.Stat(file); err != nil {
			t.Errorf("kind %v has no file %s", k, file)
		}
		if !k.IsContract() || k.IsMarketCost() {
			t.Errorf("%v counts as no contract", k)
		}
	}
}

// TestNames: scenarios and the ledger use the same words, and each is read back as written.
func TestNames(t *testing.T) {
	same := func(what string, ours, theirs []string) {
		for i, name := range theirs {
			if i >= len(ours) || ours[i] != name {
				t.Errorf("%s %d of scenarios is %q, not in its place here", what, i, name)
			}
		}
	}
	same("role", roleNames[:], configs.Roles)
	same("kind", kindNames[:], configs.Kinds)
	same("service", serviceNames[:], configs.Services)
	if len(configs.Kinds) != int(KindContracts) || len(configs.Services) != int(Services) {
		t.Error("scenarios know other kinds or services")
	}
	for r := range Roles {
		if got, err := ParseRole(r.String()); got != r || err != nil {
			t.Errorf("role %v is read back as %v, %v", r, got, err)
		}
	}
	for k := range Kinds {
		if got, err := parseKind(k.String()); got != k || err != nil || k.String() == "" {
			t.Errorf("kind %v is read back as %v, %v", k, got, err)
		}
	}
	for s := range Services {
		if got, err := parseService(s.String()); got != s || err != nil {
			t.Errorf("service %v is read back as %v, %v", s, got, err)
		}
	}
	if _, err := parseKind("tarif"); err == nil || !strings.Contains(err.Error(), `kind = "tarif", want one of tariff, block`) {
		t.Errorf("error %v does not say what is wanted", err)
	}
	if got := Kinds.String(); got != "kind 25" {
		t.Errorf("no kind is called %q", got)
	}
}

// TestKindsOfMoney: what is a contract, what is a cost of the market itself, and what is settled by the year.
func TestKindsOfMoney(t *testing.T) {
	contracts := strings.Fields("tariff block capitation pathway shared-savings facility-fee quality")
	costs := strings.Fields("contracting billing tendering monitoring marketing management leadership support governance disruption set-up")
	for k := range Kinds {
		if got, want := k.IsContract(), slices.Contains(contracts, k.String()); got != want {
			t.Errorf("%v is a contract: %v, want %v", k, got, want)
		}
		if got, want := k.IsMarketCost(), slices.Contains(costs, k.String()); got != want {
			t.Errorf("%v is a cost of the market: %v, want %v", k, got, want)
		}
		if got, want := k.Yearly(), k.String() == "shared-savings"; got != want {
			t.Errorf("%v is settled once a year: %v, want %v", k, got, want)
		}
	}
}

func payment() configs.Payment {
	return configs.Payment{Envelope: 1520, GPCapitation: 200, GPContact: 30, NurseContact: 12, FirstAttendance: 150,
		DayCase: 700, Inpatient: 2800, OtherAdmission: 1100, Emergency: 2000, AEVisit: 100, SocialCareHead: 321,
		SocialCareCase: 900, MarginalRate: 0.3, RiskR2: 0.12, RiskR2Cell: 0.037, RiskR2Max: 0.25, SavingsShare: 0.5,
		SavingsMinimum: 0.02, QualityShare: 0.04, QualityFrom: -0.5, DeficitCap: 0.03, SlotsFloor: 0.9}
}

func TestNewTerms(t *testing.T) {
	terms := func(service, kind string, price float64) (Kind, Terms, error) {
		return NewTerms(configs.Contract{Payer: "commissioner", Payee: "hospital", Service: service, Kind: kind, Price: price}, payment())
	}
	kind, got, err := terms("elective", "tariff", 1.1)
	if err != nil || kind != KindTariff || got.Service != ServiceElective {
		t.Errorf("contract read as %v for %v, %v", kind, got.Service, err)
	}
	if want := GBP(770); got.Prices.DayCase != want || got.Marginal != 0.3 {
		t.Errorf("day case at %d, want %d; marginal rate %v", got.Prices.DayCase, want, got.Marginal)
	}
	for service, want := range map[string]Pence{"gp": GBP(200), "whole": GBP(1520), "social-care": GBP(321), "rest": 0} {
		if _, got, _ := terms(service, "capitation", 1); got.Head != want {
			t.Errorf("a head for %s at %d, want %d", service, got.Head, want)
		}
	}
	for _, bad := range [][2]string{{"elective", "tarif"}, {"electives", "tariff"}, {"elective", "allocation"}, {"elective", "marketing"}} {
		if _, _, err := terms(bad[0], bad[1], 1); err == nil || !strings.Contains(err.Error(), "contract of commissioner with hospital") {
			t.Errorf("%v: error %v does not say where", bad, err)
		}
	}
}

func TestPay(t *testing.T) {
	a := Activity{Week: 7, GP: 2, Nurse: 3, First: 5, FollowUp: 7, DayCase: 11, Inpatient: 13, Other: 17,
		Emergency: 10, AE: 19, Social: 23, EmergencySoFar: 94, Risk: 101_500_000, Pathways: 4,
		Slots: 40, SlotsLastYear: 2000, Quality: 0.2, Spend: GBP(9700)}
	p := Prices{GP: 30, Nurse: 12, First: 150, FollowUp: 80, DayCase: 700, Inpatient: 2800, Other: 1100,
		Emergency: 2000, AE: 100, Social: 900}
	gp, outpatient, elective := Pence(2*30+3*12), Pence(5*150+7*80), Pence(11*700+13*2800)
	emergency := Pence(6*2000 + 0.3*4*2000)
	for _, row := range []struct {
		name string
		kind Kind
		t    Terms
		want Pence
	}{
		{"gp", KindTariff, Terms{Service: ServiceGP, Prices: p}, gp},
		{"outpatient", KindTariff, Terms{Service: ServiceOutpatient, Prices: p}, outpatient},
		{"elective", KindTariff, Terms{Service: ServiceElective, Prices: p}, elective},
		{"pathway by tariff", KindTariff, Terms{Service: ServicePathway, Prices: p}, outpatient + elective},
		{"admissions", KindTariff, Terms{Service: ServiceAdmissions, Prices: p}, 17 * 1100},
		{"emergency, no base", KindTariff, Terms{Service: ServiceEmergency, Prices: p, Marginal: 0.3}, 10 * 2000},
		{"emergency, base passed in the week", KindTariff,
			Terms{Service: ServiceEmergency, Prices: p, Marginal: 0.3, EmergencyBase: 100}, emergency},
		{"emergency, base passed before", KindTariff,
			Terms{Service: ServiceEmergency, Prices: p, Marginal: 0.3, EmergencyBase: 50}, 0.3 * 10 * 2000},
		{"ae", KindTariff, Terms{Service: ServiceAE, Prices: p}, 19 * 100},
		{"social care", KindTariff, Terms{Service: ServiceSocialCare, Prices: p}, 23 * 900},
		{"whole", KindTariff, Terms{Service: ServiceWhole, Prices: p, Marginal: 0.3, EmergencyBase: 100},
			gp + outpatient + elective + 17*1100 + emergency + 19*100 + 23*900},
		{"rest", KindTariff, Terms{Service: ServiceRest, Prices: p}, 0},
		{"block", KindBlock, Terms{Block: 52 * 777}, 777},
		{"capitation", KindCapitation, Terms{Head: 52_000}, 101_500}, // 101.5 heads at 1000 a week
		{"pathway", KindPathway, Terms{Pathway: 1234}, 4 * 1234},
		{"savings", KindSharedSavings, Terms{Benchmark: GBP(10_000), SavingsShare: 0.5, SavingsMinimum: 0.02}, GBP(150)},
		{"savings too small", KindSharedSavings, Terms{Benchmark: GBP(10_000), SavingsShare: 0.5, SavingsMinimum: 0.03}, 0},
		{"losses are not shared", KindSharedSavings, Terms{Benchmark: GBP(9000), SavingsShare: 0.5}, 0},
		{"facility", KindFacilityFee, Terms{Facility: 500_000, Standby: 100_000, SlotCost: 25}, 40 * (400_000/2000 + 25)},
		{"quality", KindQuality, Terms{QualityShare: 0.04, QualityFrom: -0.5}, GBP(9700 * 0.04 * 0.7)},
		{"quality below", KindQuality, Terms{QualityShare: 0.04, QualityFrom: 0.3}, 0},
		{"quality far above", KindQuality, Terms{QualityShare: 0.04, QualityFrom: -3}, GBP(9700 * 0.04)},
	} {
		if got := row.kind.Contract().Pay(a, row.t); got != row.want {
			t.Errorf("%s: pays %d, want %d", row.name, got, row.want)
		}
	}
}

// TestSmallestBase: a base of one admission is a base; only none at all means that there is none.
func TestSmallestBase(t *testing.T) {
	terms := Terms{Service: ServiceEmergency, Prices: Prices{Emergency: 2000}, EmergencyBase: 1}
	if got := emergencies(&Activity{Emergency: 3}, &terms); got != 1*2000 {
		t.Errorf("3 admissions above a base of 1 at no marginal price = %d, want 2000", got)
	}
	terms.EmergencyBase = 0
	if got := emergencies(&Activity{Emergency: 3}, &terms); got != 3*2000 {
		t.Errorf("3 admissions without a base = %d, want 6000", got)
	}
}

// TestSmallestSavings: what is saved must exceed the minimum, by a penny.
func TestSmallestSavings(t *testing.T) {
	terms := Terms{Benchmark: 1000, SavingsShare: .5, SavingsMinimum: .02}
	for spend, want := range map[Pence]Pence{979: 11, 980: 0, 981: 0} {
		if got := (SharedSavings{}).Pay(Activity{Spend: spend}, terms); got != want {
			t.Errorf("spending %d of 1000 earns %d, want %d: what is saved must exceed 20", spend, got, want)
		}
	}
}

// TestBlockIsPaidWhole: the 52 parts of a year sum to the block, and differ by a penny at most.
func TestBlockIsPaidWhole(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		block := Pence(rapid.Int64Range(-1e12, 1e15).Draw(t, "block"))
		var sum Pence
		for week := range int32(52) {
			part := Block{}.Pay(Activity{Week: week}, Terms{Block: block})
			if diff := part - block/52; diff < -1 || diff > 1 {
				t.Fatalf("week %d pays %d of %d", week, part, block)
			}
			sum += part
		}
		if sum != block {
			t.Fatalf("52 weeks pay %d, want %d", sum, block)
		}
	})
}

// TestMulDiv: products of up to 128 bits are divided and rounded, halves away from zero; what does not fit
// into 63 bits, or is divided by what is not positive, is a mistake of the caller.
func TestMulDiv(t *testing.T) {
	const most = math.MaxInt64
	for _, row := range [][4]int64{
		{7, 3, 2, 11}, {-7, 3, 2, -11}, {1, 1, 3, 0}, {2, 1, 3, 1}, {0, 5, 7, 0}, {0, -5, 7, 0}, {-5, -5, 4, 6},
		{152_000, 56_489_608 * microHead, microHead * 52, 165_123_469_538}, // England at the envelope
		{1, 1, 1, 1}, {1, -1, 1, -1}, {-1, -1, 1, 1}, {0, -1, 1, 0}, {-1, 0, 1, 0},
		{most, 3, 3, most}, {most, 2, most, 2}, {most, -2, most, -2}, {most, most, most, most}, {1, 1, most, 0}, {most/2 + 1, 1, most, 1},
		{math.MinInt64, 1, 2, -1 << 62},
	} {
		if got := mulDiv(row[0], row[1], row[2]); got != row[3] {
			t.Errorf("%d * %d / %d = %d, want %d", row[0], row[1], row[2], got, row[3])
		}
	}
	for _, row := range [][3]int64{{most, 3, 2}, {1 << 62, 2, 1}, {1, 1, 0}, {1, 1, -1}} {
		func() {
			defer func() {
				if got, _ := recover().(string); !strings.HasPrefix(got, "market: mulDiv ") {
					t.Errorf("%d * %d / %d: %q, want a panic that names mulDiv", row[0], row[1], row[2], got)
				}
			}()
			mulDiv(row[0], row[1], row[2])
		}()
	}
}

// TestRiskAdjustment draws people, pays by weights of the accuracy that a stated R² asks for, and
// finds that R² again; the mean weight stays the mean cost.
func TestRiskAdjustment(t *testing.T) {
	rng := chance.NewSeed(1).At(1, 0, chance.Synthesis)
	const n = 200_000
	r, cells, cost := make([]float64, n), make([]float64, n), make([]float64, n)
	var sums [20][2]float64
	for i := range r {
		cell := i % 20
		r[i] = (0.5 + float64(cell)/20) * chance.Exp(0.8*rng.Normal()-0.32)
		cost[i] = r[i] + 1.6*rng.Normal()
		sums[cell][0] += r[i]
		sums[cell][1]++
	}
	for i := range cells {
		cells[i] = sums[i%20][0] / sums[i%20][1]
	}
	explained := func(ac float64) float64 {
		var mean, total, left float64
		for _, y := range cost {
			mean += y / n
		}
		for i, y := range cost {
			total += (y - mean) * (y - mean)
			miss := y - RiskWeight(ac, r[i], cells[i])
			left += miss * miss
		}
		return 1 - left/total
	}
	cell, best := explained(0), explained(1)
	for _, stated := range []float64{cell, 0.12, 0.2, best} {
		ac := StatedAccuracy(stated, cell, best)
		near(t, "explained variance", explained(ac), stated, 0.005)
		near(t, "its formula", cell+(best-cell)*(1-(1-ac)*(1-ac)), stated, 1e-9)
	}
	near(t, "accuracy below age and sex", StatedAccuracy(0.01, 0.037, 0.25), 0, 0)
	near(t, "accuracy beyond the best", StatedAccuracy(0.9, 0.037, 0.25), 1, 0)
	near(t, "accuracy where nothing is to be gained", StatedAccuracy(0.1, 0.1, 0.1), 1, 0)
	if got := MicroHeads(1.25); got != 1_250_000 {
		t.Errorf("a weight of 1.25 is %d", got)
	}
}

// TestHalfAdjusted: a weight lies between the person's own risk and that of their cell, as far as the
// adjustment is accurate.
func TestHalfAdjusted(t *testing.T) {
	for _, row := range []struct{ ac, want float64 }{{0, 2}, {.5, 4}, {.75, 5}, {1, 6}} {
		near(t, fmt.Sprint("weight at ", row.ac), RiskWeight(row.ac, 6, 2), row.want, 0)
	}
	near(t, "accuracy of a half", StatedAccuracy(.1+.2*.75, .1, .3), .5, 1e-12)
	near(t, "accuracy of all that can be had", StatedAccuracy(.3, .1, .3), 1, 1e-7)
	near(t, "accuracy where the best is worse", StatedAccuracy(.1, .3, .1), 1, 0)
	if got := MicroHeads(1.4999996e-6); got != 1 {
		t.Errorf("a weight of 1.5 millionths less a little = %d, want 1", got)
	}
}

// TestLuckIsPaid: without any true saving, chance alone earns sh sg φ(M/sg).
func TestLuckIsPaid(t *testing.T) {
	terms := Terms{Benchmark: GBP(1_000_000), SavingsShare: 0.5, SavingsMinimum: 0.02}
	for _, sigma := range []float64{10_000, 20_000, 50_000} {
		const steps = 40_000
		sum, density := 0.0, 0.0
		for i := range steps { // the normal distribution, cut at 8 standard deviations
			z := -8 + 16*(float64(i)+0.5)/steps
			w := math.Exp(-z*z/2) / math.Sqrt(2*math.Pi) * 16 / steps
			sum += w * SharedSavings{}.Pay(Activity{Spend: terms.Benchmark - GBP(sigma*z)}, terms).Pounds()
		}
		m := 20_000 / sigma
		density = math.Exp(-m*m/2) / math.Sqrt(2*math.Pi)
		near(t, fmt.Sprint("pay for luck at ", sigma), sum, 0.5*sigma*density, 0.001*sum+1)
	}
}

func TestBenchmark(t *testing.T) {
	for _, row := range []struct {
		own  []Pence
		want Pence
	}{
		{nil, 0}, {[]Pence{100}, 102}, {[]Pence{50, 100}, 77}, {[]Pence{9999, 100, 200, 300}, 204}, {[]Pence{9999, 9999, 3, 6, 9}, 6},
	} {
		if got := Benchmark(row.own, 1.02); got != row.want {
			t.Errorf("benchmark of %v is %d, want %d", row.own, got, row.want)
		}
	}
}

// TestAirportSpiral: users leave, and those who stay pay 1/(1-d) of the fixed part a year later.
func TestAirportSpiral(t *testing.T) {
	terms := Terms{Facility: 52_000_000, Standby: 2_000_000, SlotCost: 10}
	fixed := func(last int64) float64 {
		pay := FacilityFee{}.Pay(Activity{Slots: 1000, SlotsLastYear: last}, terms)
		return float64(pay - 1000*10)
	}
	for _, d := range []float64{0.1, 0.25, 0.5} {
		near(t, fmt.Sprint("fixed part after a loss of ", d), fixed(int64(50_000*(1-d)))/fixed(50_000), 1/(1-d), 1e-4)
	}
	if got := (FacilityFee{}).Pay(Activity{Slots: 2, SlotsLastYear: 1}, Terms{Facility: 50, Standby: 20, SlotCost: 3}); got != 2*(50-20+3) {
		t.Errorf("after a year with one slot used two cost %d, want 66", got)
	}
	if got := (FacilityFee{}).Pay(Activity{Slots: 5}, terms); got != 50 {
		t.Errorf("without use last year %d is paid, want the variable cost of 50", got)
	}
}

func TestAllocateSlots(t *testing.T) {
	slots, kept := AllocateSlots([]int64{300, 100, 0, 200}, 1000, 0.05)
	if want := "[475 158 0 317] 50"; fmt.Sprint(slots, kept) != want {
		t.Errorf("slots %v, kept %d, want %s", slots, kept, want)
	}
	if _, kept := AllocateSlots([]int64{0, 0}, 10, 0.05); kept != 10 {
		t.Errorf("%d of 10 slots kept of a site without users", kept)
	}
	rapid.Check(t, func(t *rapid.T) {
		last := rapid.SliceOf(rapid.Int64Range(0, 1e6)).Draw(t, "last")
		total := rapid.Int64Range(0, 1e6).Draw(t, "total")
		slots, kept := AllocateSlots(last, total, rapid.Float64Range(0, 0.2).Draw(t, "entrants"))
		sum := kept
		for i, n := range slots {
			sum += n
			if n < 0 || last[i] == 0 && n > 0 {
				t.Fatalf("user %d of %d last year gets %d", i, last[i], n)
			}
		}
		if sum != total {
			t.Fatalf("%d slots handed out of %d", sum, total)
		}
	})
}

// TestSlotsByRemainder: whole slots first, then one to each of the largest remainders, of equal ones the
// first; entrants' share is rounded, and no more than there is.
func TestSlotsByRemainder(t *testing.T) {
	for _, row := range []struct {
		last     []int64
		total    int64
		entrants float64
		want     string
	}{
		{[]int64{1, 1, 1}, 10, 0, "[4 3 3] 0"},
		{[]int64{1, 1, 1}, 11, 0, "[4 4 3] 0"},
		{[]int64{1, 2, 4}, 6, 0, "[1 2 3] 0"},
		{[]int64{5, 5}, 10, .25, "[4 3] 3"},
		{[]int64{5, 5}, 10, .24, "[4 4] 2"},
		{[]int64{5, 5}, 10, 2, "[0 0] 10"},
		{[]int64{1}, 1, 0, "[1] 0"},
		{[]int64{0, 1}, 3, 0, "[0 3] 0"},
	} {
		slots, kept := AllocateSlots(row.last, row.total, row.entrants)
		if got := fmt.Sprint(slots, kept); got != row.want {
			t.Errorf("%d slots among %v, %v kept: %s, want %s", row.total, row.last, row.entrants, got, row.want)
		}
	}
}

func TestFixedCost(t *testing.T) {
	for _, row := range []struct {
		name                string
		now, activity, want float64
	}{
		{"half the activity, a tenth a year", 70, 0.5, 63},
		{"a little less", 70, 0.95, 66.5},
		{"back at once", 50, 0.9, 63},
		{"never above", 70, 1.4, 70},
	} {
		near(t, row.name, FixedCost(row.now, 70, row.activity, 0.1), row.want, 1e-9)
	}
}

// TestFixedCostBySteps: cost follows activity down slowly and up at once, as far as the reference.
func TestFixedCostBySteps(t *testing.T) {
	cost := 100.0
	for _, row := range []struct{ activity, want float64 }{{1, 100}, {0, 90}, {0, 81}, {.8, 80}, {.95, 95}, {2, 100}, {.25, 90}} {
		cost = FixedCost(cost, 100, row.activity, .1)
		near(t, fmt.Sprint("cost at activity ", row.activity), cost, row.want, 1e-9)
	}
}
