package market

import (
	"flag"
	"fmt"
	"reflect"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// The draws are the same in every run of the tests, so that a failure is the doing of the change under test;
// -rapid.seed=0 -rapid.checks=100000 goes looking in new ones.
func init() {
	if err := flag.Set("rapid.seed", "1"); err != nil {
		panic(err)
	}
}

type posting struct {
	payer, payee int32
	kind         Kind
	service      Service
	amount       Pence
}

func postings(t *rapid.T, parties int) []posting {
	return rapid.SliceOf(rapid.Custom(func(t *rapid.T) posting {
		return posting{
			int32(rapid.IntRange(0, parties-1).Draw(t, "payer")),
			int32(rapid.IntRange(0, parties-1).Draw(t, "payee")),
			Kind(rapid.IntRange(0, int(Kinds)-1).Draw(t, "kind")),
			Service(rapid.IntRange(0, int(Services)-1).Draw(t, "service")),
			Pence(rapid.Int64Range(-1e9, 1e9).Draw(t, "amount")),
		}
	})).Draw(t, "postings")
}

var everyone = []Role{RoleGovernment, RoleCommissioner, RoleHospital, RoleHospital, RolePractice, RoleOutside}

// TestLedgerBalances: whatever is posted, in whatever order, the ledger adds up and says the same;
// taking everything back leaves nothing.
func TestLedgerBalances(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		all := postings(t, len(everyone))
		one, back := NewLedger(everyone...), NewLedger(everyone...)
		for i, p := range all {
			one.Post(p.payer, p.payee, p.kind, p.service, p.amount)
			last := all[len(all)-1-i]
			back.Post(last.payer, last.payee, last.kind, last.service, last.amount)
		}
		if err := one.Check(); err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(one, back) {
			t.Fatal("the order of postings matters")
		}
		for _, p := range all {
			one.Post(p.payer, p.payee, p.kind, p.service, -p.amount)
		}
		if rows := one.Drain(); len(rows) != 0 {
			t.Fatalf("after refunds %v is left", rows)
		}
		var out, in Pence
		for _, row := range back.Drain() {
			if row.Payer == RoleHospital {
				out += row.Amount
			}
			if row.Payee == RoleHospital {
				in += row.Amount
			}
		}
		if got := back.Parties[2].Balance + back.Parties[3].Balance; got != in-out {
			t.Fatalf("hospitals hold %d, totals say %d", got, in-out)
		}
		back.EndYear()
		if err := back.Check(); err != nil {
			t.Fatalf("after the year: %v", err)
		}
		if s := back.Surplus(2); s != 0 {
			t.Fatalf("a year begins with a surplus of %d", s)
		}
	})
}

// TestCheckFindsTheFault breaks a ledger in every way and reads what Check says.
func TestCheckFindsTheFault(t *testing.T) {
	for want, spoil := range map[string]func(*Ledger){
		"party 2 (hospital) has a balance": func(l *Ledger) { l.Parties[2].Balance++ },
		"sum to -5 pence":                  func(l *Ledger) { l.Parties[4].Expense += 5; l.Parties[4].Balance -= 5 },
		"role government received":         func(l *Ledger) { l.Parties[0].Net++ },
		"role commissioner received":       func(l *Ledger) { l.Totals[cell(RoleCommissioner, RoleCommissioner+1, 0, 0)]++ },
		"3 totals, want":                   func(l *Ledger) { l.Totals = l.Totals[:3] },
		"party 1 has role 10":              func(l *Ledger) { l.Parties[1].Role = Roles },
	} {
		l := NewLedger(everyone...)
		l.Post(0, 1, KindAllocation, ServiceWhole, 1000)
		l.Post(1, 2, KindTariff, ServiceElective, 400)
		spoil(l)
		if err := l.Check(); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want one with %q", err, want)
		}
	}
}

func TestPayingOneself(t *testing.T) {
	l := NewLedger(RoleSystem)
	l.Post(0, 0, KindTariff, ServiceElective, 100)
	if rows := l.Drain(); len(rows) != 0 || l.Parties[0].Income != 0 {
		t.Errorf("a system that pays itself leaves %v and an income of %d", rows, l.Parties[0].Income)
	}
}

// TestOpen: accounts are numbered as they are opened, and only roles have them.
func TestOpen(t *testing.T) {
	l := NewLedger(RoleSystem)
	for want := int32(1); want < 4; want++ {
		if id := l.Open(RoleHospital); id != want {
			t.Errorf("account %d has number %d", want, id)
		}
	}
	defer func() {
		if recover() == nil {
			t.Error("what is no role has an account")
		}
	}()
	l.Open(Roles)
}

// TestDrainOrder: rows come by payer, payee, kind and service, and each at its own place.
func TestDrainOrder(t *testing.T) {
	l := NewLedger()
	for r := range Roles {
		l.Open(r)
	}
	var want []Total
	for _, payer := range []Role{0, 3, Roles - 1} {
		for _, payee := range []Role{1, Roles - 2} {
			for _, k := range []Kind{0, KindAllocation, Kinds - 1} {
				for _, s := range []Service{0, Services - 1} {
					want = append(want, Total{payer, payee, k, s, Pence(len(want) + 1)})
				}
			}
		}
	}
	for i := range want {
		w := want[len(want)-1-i]
		l.Post(int32(w.Payer), int32(w.Payee), w.Kind, w.Service, w.Amount)
	}
	if got := l.Drain(); !reflect.DeepEqual(got, want) {
		t.Errorf("drained %v, want %v", got, want)
	}
	if err := l.Check(); err != nil {
		t.Error(err)
	}
}

func TestMoney(t *testing.T) {
	for _, row := range []struct {
		got, want Pence
	}{
		{GBP(1.005), 100}, {GBP(1.006), 101}, {GBP(-2), -200}, {Pence(101).Times(0.5), 51}, {Pence(-101).Times(0.3), -30},
	} {
		if row.got != row.want {
			t.Errorf("got %d pence, want %d", row.got, row.want)
		}
	}
	near(t, "pounds", Pence(1234).Pounds(), 12.34, 0)
}

func BenchmarkPost(b *testing.B) {
	l := NewLedger(everyone...)
	for i := range b.N {
		l.Post(1, 2+int32(i&1), KindTariff, ServiceElective, 100)
	}
}

// A commissioner gets its budget and pays a hospital, which pays its staff and takes back a claim.
func ExampleLedger() {
	l := NewLedger(RoleGovernment, RoleCommissioner, RoleHospital, RoleOutside)
	const government, commissioner, hospital, outside = 0, 1, 2, 3
	l.Post(government, commissioner, KindAllocation, ServiceWhole, GBP(1520))
	l.Post(commissioner, hospital, KindTariff, ServiceElective, GBP(900))
	l.Post(commissioner, hospital, KindTariff, ServiceElective, GBP(-100))
	l.Post(hospital, outside, KindInputs, ServiceElective, GBP(760))
	fmt.Println("check:", l.Check())
	fmt.Println("hospital earned", l.Surplus(hospital).Pounds())
	for _, row := range l.Drain() {
		fmt.Println(row.Payer, row.Payee, row.Kind, row.Service, row.Amount.Pounds())
	}
	// Output:
	// check: <nil>
	// hospital earned 40
	// government commissioner allocation whole 1520
	// commissioner hospital tariff elective 800
	// hospital outside inputs elective 760
}
