package rulebook

import "xiaobao/casework"

// A Category is one kind of risky marketing wording, M01 to M27.
type Category struct {
	ID       string           `yaml:"id"` // "M01"
	Title    Text             `yaml:"title"`
	Action   string           `yaml:"action"` // BLOCK, FIX, REVIEW: of its phrases unless they say otherwise
	Basis    []casework.Basis `yaml:"basis"`
	Advice   Text             `yaml:"advice"`
	Products []string         `yaml:"products"` // empty: all
	Phrases  []Phrase         `yaml:"phrases"`

	Pack     *Pack    `yaml:"-"`
	Position Position `yaml:"-"`
}

// A Phrase is one wording of a category.
type Phrase struct {
	ID       string    `yaml:"id"` // "M01-03"
	Action   string    `yaml:"action"`
	Patterns []Pattern `yaml:"patterns"`
	Guards   *[]string `yaml:"guards"`

	// Companions excuse a FIX phrase if all of these disclosures stand in the
	// same material, by disclosure element id.
	Companions []string `yaml:"companions"`
	Products   []string `yaml:"products"`
	When       string   `yaml:"when"`
	Suggestion Text     `yaml:"suggestion"`

	Fires []Example `yaml:"fires"`
	Not   []Example `yaml:"not"`

	Position Position `yaml:"-"`
}

// A Disclosure is what a material for a product must show.
type Disclosure struct {
	Product  string    `yaml:"product"` // "any", "consumer_loan", …
	Title    Text      `yaml:"title"`
	Elements []Element `yaml:"elements"`

	Pack     *Pack    `yaml:"-"`
	Position Position `yaml:"-"`
}

// An Element is one thing to show, found by its patterns.
type Element struct {
	ID       string             `yaml:"id"` // "lender_name"
	Title    Text               `yaml:"title"`
	Basis    []casework.Basis   `yaml:"basis"`
	Patterns []Pattern          `yaml:"patterns"`
	Channels []casework.Channel `yaml:"channels"` // where it is required; empty: everywhere
	If       []Pattern          `yaml:"if"`       // required only if one of these stands in the material
	Action   string             `yaml:"action"`   // FIX unless said otherwise
	Sample   Text               `yaml:"sample"`   // wording that would do

	Position Position `yaml:"-"`
}

// A ContextRule is one of the readings N1–N12 that make a phrase compliant or
// keep it violating, for officers to read; screening implements them.
type ContextRule struct {
	ID        string   `yaml:"id"`
	Title     Text     `yaml:"title"`
	Compliant []string `yaml:"compliant"`
	Violating []string `yaml:"violating"`

	Position Position `yaml:"-"`
}

// A Clue is one black- or grey-industry indicator (黑灰产线索).
type Clue struct {
	ID     string             `yaml:"id"` // "bg_same_text"
	Title  Text               `yaml:"title"`
	Weight string             `yaml:"weight"` // high, medium, low, restricted
	Means  Text               `yaml:"means"`
	Basis  []casework.Basis   `yaml:"basis"`
	Words  []Pattern          `yaml:"patterns"`
	When   string             `yaml:"when"`
	Limits Text               `yaml:"limits"` // what it must not be used for
	Where  []casework.Channel `yaml:"channels"`
	Fires  []Example          `yaml:"fires"`
	Not    []Example          `yaml:"not"`

	Pack     *Pack    `yaml:"-"`
	Position Position `yaml:"-"`
}
