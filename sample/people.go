package sample

import (
	"fmt"
	"math/rand/v2"
	"time"

	"xiaobao/casework"
)

// units makes the tree of units.
func (c *composer) units() {
	c.from = map[casework.Channel][]string{}
	for _, u := range c.people.Units {
		c.made.Orgs = append(c.made.Orgs, casework.Org{ID: u.ID, ParentID: u.Parent, Name: u.Name, Kind: u.Kind})
		for _, channel := range u.Serves {
			c.from[channel] = append(c.from[channel], u.ID)
		}
	}
}

// staff makes who works in the units.
func (c *composer) staff() {
	c.serving = map[casework.Channel][]casework.Staff{}
	r := c.random("staff", 0)
	for _, u := range c.people.Units {
		for i := range u.Staff {
			member := casework.Staff{
				ID: fmt.Sprintf("e%04d", 1001+len(c.made.Staff)), OrgID: u.ID, Name: c.name(r),
				Position: u.Positions[i%len(u.Positions)], Active: r.IntN(30) > 0,
			}
			c.made.Staff = append(c.made.Staff, member)
			for _, channel := range u.Serves {
				if member.Active {
					c.serving[channel] = append(c.serving[channel], member)
				}
			}
		}
	}
}

// name composes a name of a surname and a given name.
func (c *composer) name(r *rand.Rand) string {
	return pick(r, c.people.Surnames) + pick(r, c.people.Given)
}

// customers makes the customers. Phones are of a block that no network
// assigns to people.
func (c *composer) customers() {
	r := c.random("customers", 0)
	for i := range c.people.Customers {
		customer := casework.Customer{
			ID: fmt.Sprintf("c%05d", i+1), Name: c.name(r), Phone: fmt.Sprintf("1380000%04d", 1000+(i*7)%9000),
			BirthYear: c.made.Anchor.Year() - age(r), Region: pick(r, c.people.Regions),
		}
		if r.IntN(12) == 0 {
			at := c.made.Anchor.AddDate(0, 0, -days-1-r.IntN(300)).Add(time.Duration(9+r.IntN(9)) * time.Hour)
			customer.OptedOutAt = &at
		}
		c.made.Customers = append(c.made.Customers, customer)
		switch {
		case customer.OptedOutAt != nil:
			c.refusing = append(c.refusing, customer)
			continue
		case c.made.Anchor.Year()-customer.BirthYear >= 65:
			c.elderly = append(c.elderly, customer)
		}
		c.reached = append(c.reached, customer)
	}
}

// age is mostly of those who borrow; one in twelve is 65 or older.
func age(r *rand.Rand) int {
	if r.IntN(12) == 0 {
		return 65 + r.IntN(15)
	}
	return 23 + r.IntN(36)
}

func pick[T any](r *rand.Rand, from []T) T { return from[r.IntN(len(from))] }
