package casework

import "time"

// An Actor is a person or system that does something here, by user id. It is
// an id and never a name, so that it may stand in histories and logs.
type Actor string

// An Org is a unit of the institution (机构): head office, branch,
// department, vendor or partner.
type Org struct {
	ID       string `json:"id"`
	ParentID string `json:"parent_id,omitempty"`
	Name     string `json:"name"`
	Kind     string `json:"kind"` // head_office, branch, department, vendor, partner
}

// OrgKinds are the kinds of units.
func OrgKinds() []string { return []string{"head_office", "branch", "department", "vendor", "partner"} }

// Staff is someone who speaks or acts for the institution (员工、坐席).
type Staff struct {
	ID       string `json:"id"`
	OrgID    string `json:"org_id"`
	Name     string `json:"name"`
	Position string `json:"position,omitempty"`
	Active   bool   `json:"active"`
}

// A Customer (客户) as far as consumer protection needs to know them.
type Customer struct {
	ID         string         `json:"id"`
	Name       string         `json:"name,omitempty"`
	Phone      string         `json:"phone,omitempty"`
	BirthYear  int            `json:"birth_year,omitempty"`
	Region     string         `json:"region,omitempty"`
	OptedOutAt *time.Time     `json:"opted_out_at,omitempty"` // of marketing
	Attributes map[string]any `json:"attributes,omitempty"`
}
