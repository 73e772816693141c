package sample

import (
	"cmp"
	"fmt"
	"hash/fnv"
	"math/rand/v2"
	"slices"
	"time"

	"xiaobao/casework"
)

// days is how far back contacts go.
const days = 90

// The roles that a contact may have.
const (
	Ordinary = "ordinary"  // nothing to find
	NearMiss = "near_miss" // sounds like a violation and is none
	Planted  = "planted"   // holds what Expected says
)

// A Truth is what is true of one touchpoint, whatever anybody finds in it.
type Truth struct {
	ID         string   `json:"id"`
	Role       string   `json:"role"`
	Expected   []string `json:"expected"`
	Acceptable []string `json:"acceptable"`
	Near       string   `json:"near,omitempty"` // the indicator that a near miss sounds like
}

// An Institution is one with all that the sample knows of it.
type Institution struct {
	Anchor      time.Time // the day before which everything happened
	Orgs        []casework.Org
	Staff       []casework.Staff
	Customers   []casework.Customer
	Touchpoints []casework.Touchpoint
	Truth       []Truth // of each touchpoint, in the same order
}

// Compose puts an institution together whose contacts end on the day before
// the anchor, Beijing time. The same anchor and seed give the same.
func Compose(anchor time.Time, seed uint64) (*Institution, error) {
	t, err := load()
	if err != nil {
		return nil, err
	}
	y, m, d := anchor.In(casework.Beijing).Date()
	c := &composer{
		texts: t, seed: seed,
		made: &Institution{Anchor: time.Date(y, m, d, 0, 0, 0, 0, casework.Beijing)},
	}
	c.units()
	c.staff()
	c.customers()
	var contacts []contact
	for i := range t.grounds {
		made, err := c.contacts(&t.grounds[i])
		if err != nil {
			return nil, err
		}
		contacts = append(contacts, made...)
	}
	slices.SortStableFunc(contacts, func(a, b contact) int {
		return cmp.Or(a.touchpoint.OccurredAt.Compare(b.touchpoint.OccurredAt), cmp.Compare(a.touchpoint.Channel, b.touchpoint.Channel))
	})
	for i, made := range contacts {
		id := fmt.Sprintf("tp-%05d", i+1)
		made.touchpoint.ID, made.truth.ID = id, id
		c.made.Touchpoints = append(c.made.Touchpoints, made.touchpoint)
		c.made.Truth = append(c.made.Truth, made.truth)
	}
	return c.made, nil
}

// A composer composes one institution.
type composer struct {
	*texts
	seed     uint64
	made     *Institution
	serving  map[casework.Channel][]casework.Staff // who speaks in a channel
	from     map[casework.Channel][]string         // units a channel's contacts come from
	reached  []casework.Customer                   // who may be marketed to
	refusing []casework.Customer                   // who has opted out
	elderly  []casework.Customer                   // of those reached, who is 65 or older
}

// random is a source of its own for each purpose, so that more of one thing
// does not change all others.
func (c *composer) random(purpose string, n int) *rand.Rand {
	h := fnv.New64a()
	fmt.Fprintf(h, "%s/%d", purpose, n)
	return rand.New(rand.NewPCG(c.seed, h.Sum64()))
}
