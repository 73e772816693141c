package sample

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"time"

	"xiaobao/casework"
)

// How often each scene is played, in other surroundings and with other words
// in its slots.
const (
	plantedRounds = 3
	lawfulRounds  = 5
)

// A contact is a touchpoint and what is true of it.
type contact struct {
	touchpoint casework.Touchpoint
	truth      Truth
}

// contacts makes all contacts of one channel.
func (c *composer) contacts(g *ground) ([]contact, error) {
	roles := make([]contact, 0, g.Count)
	scenes := make([]*scene, 0, g.Count)
	add := func(s *scene, role string, rounds int) {
		for range rounds {
			scenes = append(scenes, s)
			roles = append(roles, contact{truth: Truth{Role: role, Expected: []string{}, Acceptable: []string{}}})
			if s != nil {
				truth := &roles[len(roles)-1].truth
				truth.Near = s.Near
				truth.Expected = append(truth.Expected, s.Expects...)
				truth.Acceptable = append(truth.Acceptable, s.Accepts...)
			}
		}
	}
	for i := range g.Planted {
		add(&g.Planted[i], Planted, plantedRounds)
	}
	for i := range g.Lawful {
		add(&g.Lawful[i], NearMiss, lawfulRounds)
	}
	add(nil, Ordinary, g.Count-len(roles))
	if len(c.from[g.Channel]) == 0 {
		return nil, fmt.Errorf("sample texts: no unit serves %s", g.Channel)
	}
	for n := range roles {
		r := c.random(string(g.Channel), n)
		s := scenes[n]
		if s == nil {
			s = &scene{}
		}
		roles[n].touchpoint = c.touchpoint(g, s, r)
	}
	return roles, nil
}

// touchpoint makes one contact.
func (c *composer) touchpoint(g *ground, s *scene, r *rand.Rand) casework.Touchpoint {
	customer := c.whom(g, s, r)
	t := casework.Touchpoint{
		Channel: g.Channel, OccurredAt: c.when(g, s, r), CustomerID: customer.ID,
		Product: s.Product, OrgID: pick(r, c.from[g.Channel]), Attributes: map[string]any{},
	}
	if t.Product == "" {
		t.Product = pick(r, g.Products)
	}
	f := &filler{rand: r, slots: c.slots, said: map[string]string{
		"company": c.people.Institution, "customer": address(customer, r), "surname": surname(customer),
	}}
	if serving := c.serving[g.Channel]; len(serving) > 0 {
		member := pick(r, serving)
		t.AgentID, t.OrgID = member.ID, member.OrgID
		f.said["number"], f.said["agent"] = member.ID[1:], string([]rune(member.Name)[:1])
	}
	f.note(g.Attributes, t.Attributes)
	f.note(s.Attributes, t.Attributes)
	if s.Elderly {
		t.Attributes["customer_age"] = float64(c.made.Anchor.Year() - customer.BirthYear)
	}
	if len(g.Topics) > 0 {
		t.Turns = f.talk(g, s, t.OccurredAt)
		last := t.Turns[len(t.Turns)-1].At
		t.Attributes["duration_seconds"] = last.Sub(t.OccurredAt).Seconds() + 4
	} else if t.Text = f.fill(s.Says); s.Says == "" {
		t.Text = f.fill(pick(r, g.Texts))
	}
	if _, call := t.Attributes["direction"]; call {
		t.Attributes["call_start_local_hour"] = float64(t.OccurredAt.Hour())
	}
	return t
}

// note draws attributes in the order of their names. A drawn number or word
// is also a slot of that name, so that what is said and what is recorded agree.
func (f *filler) note(from map[string]value, into map[string]any) {
	for _, name := range slices.Sorted(maps.Keys(from)) {
		v := from[name]
		drawn := v.draw(f.rand)
		if text, ok := drawn.(string); ok {
			drawn = f.fill(text)
		}
		into[name] = drawn
		f.said[name] = spoken(drawn)
	}
}

// whom picks the customer of a contact.
func (c *composer) whom(g *ground, s *scene, r *rand.Rand) casework.Customer {
	switch {
	case s.Elderly:
		return pick(r, c.elderly)
	case s.OptedOut:
		return pick(r, c.refusing)
	case g.Marketing:
		return pick(r, c.reached)
	}
	return pick(r, c.made.Customers)
}

// when picks the time of a contact: on any of the days, in the channel's hours.
func (c *composer) when(g *ground, s *scene, r *rand.Rand) time.Time {
	hour := g.Hours[0] + r.IntN(g.Hours[1]-g.Hours[0])
	if s.Hour != nil {
		hour = *s.Hour
	}
	return c.made.Anchor.AddDate(0, 0, -1-r.IntN(days)).Add(
		time.Duration(hour)*time.Hour + time.Duration(r.IntN(3600))*time.Second)
}

func surname(customer casework.Customer) string { return string([]rune(customer.Name)[:1]) }

// address is how staff address a customer.
func address(customer casework.Customer, r *rand.Rand) string {
	return surname(customer) + pick(r, []string{"先生", "女士"})
}
