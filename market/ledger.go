package market

import (
	"fmt"
	"math"
)

// Pence is money at the scale of the sample, in whole pence.
type Pence int64

// GBP returns x pounds in pence, rounded to the nearest.
func GBP(x float64) Pence {
	return Pence(round(float64(x * 100)))
}

// Pounds returns p in pounds.
func (p Pence) Pounds() float64 {
	return float64(p) / 100
}

// Times returns the part f of p, rounded to the nearest penny, halves up. It panics if f is not a number.
func (p Pence) Times(f float64) Pence {
	if math.IsNaN(f) {
		panic("market: pence times a number that is none")
	}
	return Pence(round(float64(float64(p) * f)))
}

// Party is one account of the ledger.
type Party struct {
	Role    Role
	Balance Pence // received less paid since the ledger began; opening money is posted like any other
	Opening Pence // balance when the year began
	Income  Pence // received in the year, less refunds
	Expense Pence // paid in the year, less refunds
	Net     Pence // received less paid since the last Drain
}

// Total is the money of a quarter between two roles, of one kind and for one service.
type Total struct {
	Payer, Payee Role
	Kind         Kind
	Service      Service
	Amount       Pence
}

// Ledger is the double entry of everything that is paid. All of its state is in its two slices:
// copy or write them and nothing is lost. The zero value is an empty ledger without totals; use
// NewLedger. It is not safe for concurrent use.
type Ledger struct {
	Parties []Party // by party id
	Totals  []Pence // of the quarter: payer role, payee role, kind, service, the last varying fastest
}

const ledgerCells = int(Roles) * int(Roles) * int(Kinds) * int(Services)

// NewLedger returns a ledger with a party for each role; ids follow their order.
func NewLedger(roles ...Role) *Ledger {
	l := &Ledger{Totals: make([]Pence, ledgerCells)}
	for _, r := range roles {
		l.Open(r)
	}
	return l
}

// Open adds a party and returns its id. Ids are never used again.
func (l *Ledger) Open(r Role) int32 {
	if r >= Roles {
		panic(fmt.Sprintf("market: %v opened in the ledger", r))
	}
	l.Parties = append(l.Parties, Party{Role: r})
	return int32(len(l.Parties) - 1)
}

// Post moves amount from payer to payee; a negative amount takes back what was posted. Who pays
// themselves moves nothing and leaves no trace. It panics on an id that was never opened.
func (l *Ledger) Post(payer, payee int32, k Kind, s Service, amount Pence) {
	if payer == payee || amount == 0 {
		return
	}
	from, to := &l.Parties[payer], &l.Parties[payee]
	l.Totals[cell(from.Role, to.Role, k, s)] += amount
	from.Balance -= amount
	from.Expense += amount
	from.Net -= amount
	to.Balance += amount
	to.Income += amount
	to.Net += amount
}

func cell(payer, payee Role, k Kind, s Service) int {
	return ((int(payer)*int(Roles)+int(payee))*int(Kinds)+int(k))*int(Services) + int(s)
}

// Drain returns the totals of the quarter that are not zero, by payer, payee, kind and service in
// that order, and begins the next quarter.
func (l *Ledger) Drain() []Total {
	var rows []Total
	for i, amount := range l.Totals {
		if amount == 0 {
			continue
		}
		l.Totals[i] = 0
		row := Total{Amount: amount, Service: Service(i % int(Services))}
		i /= int(Services)
		row.Kind = Kind(i % int(Kinds))
		i /= int(Kinds)
		row.Payer, row.Payee = Role(i/int(Roles)), Role(i%int(Roles))
		rows = append(rows, row)
	}
	for i := range l.Parties {
		l.Parties[i].Net = 0
	}
	return rows
}

// EndYear begins the next year: incomes and expenses start again, balances stay.
func (l *Ledger) EndYear() {
	for i := range l.Parties {
		p := &l.Parties[i]
		p.Opening, p.Income, p.Expense = p.Balance, 0, 0
	}
}

// Surplus returns income less expense of a party in the year so far.
func (l *Ledger) Surplus(party int32) Pence {
	return l.Parties[party].Income - l.Parties[party].Expense
}

// Check returns an error that says what does not add up and where: balances must sum to zero, each
// must be the year's opening plus income less expense, and what each role received and paid in the
// quarter must be what its totals say.
func (l *Ledger) Check() error {
	if len(l.Totals) != ledgerCells {
		return fmt.Errorf("ledger: %d totals, want %d", len(l.Totals), ledgerCells)
	}
	var sum Pence
	var net, total [Roles]Pence
	for i, p := range l.Parties {
		if p.Role >= Roles {
			return fmt.Errorf("ledger: party %d has %v", i, p.Role)
		}
		sum += p.Balance
		net[p.Role] += p.Net
		if want := p.Opening + p.Income - p.Expense; p.Balance != want {
			return fmt.Errorf("ledger: party %d (%v) has a balance of %d pence, want opening %d + income %d - expense %d = %d",
				i, p.Role, p.Balance, p.Opening, p.Income, p.Expense, want)
		}
	}
	if sum != 0 {
		return fmt.Errorf("ledger: balances of %d parties sum to %d pence, want 0", len(l.Parties), sum)
	}
	for i, amount := range l.Totals {
		roles := i / (int(Kinds) * int(Services))
		total[roles/int(Roles)] -= amount
		total[roles%int(Roles)] += amount
	}
	for r, got := range net {
		if got != total[r] {
			return fmt.Errorf("ledger: parties of role %v received %d pence net in the quarter, their totals say %d",
				Role(r), got, total[r])
		}
	}
	return nil
}
