package sample

import (
	"embed"
	"fmt"
	"io/fs"
	"path"

	"go.yaml.in/yaml/v3"

	"xiaobao/casework"
)

//go:embed texts/*.yaml
var files embed.FS

// A unit is a unit of the institution and how many work there as what.
type unit struct {
	ID, Parent, Name, Kind string
	Staff                  int
	Positions              []string
	Serves                 []casework.Channel // whose contacts come from here
}

// A people holds what units, staff and customers are made from.
type people struct {
	Institution string
	Units       []unit
	Surnames    []string
	Given       []string
	Regions     []string
	Customers   int
}

// A ground is what contacts of one channel are made from.
type ground struct {
	Channel    casework.Channel
	Count      int
	Hours      [2]int // of the day, Beijing time; the second not included
	Products   []string
	Marketing  bool // not to those who opted out
	Attributes map[string]value
	Openings   []string
	Topics     []string
	Closings   []string
	Texts      []string // of channels where nobody answers
	Planted    []scene
	Lawful     []scene
}

// A scene is something to find, or something that only sounds like it.
type scene struct {
	Expects    []string         // planted: the indicators that are true of it
	Accepts    []string         // those that may be held against it
	Near       string           // lawful: the indicator that it sounds like
	Place      string           // "" inside a talk; "opening" for one; "alone"
	Product    string           // "" any of the channel
	Hour       *int             // "" any of the channel
	Elderly    bool             // the customer is 65 or older
	OptedOut   bool             `yaml:"opted_out"` // the customer has opted out
	Attributes map[string]value // on top of the channel's
	Says       string
}

// texts is all that texts/ holds.
type texts struct {
	people  people
	slots   map[string]value
	grounds []ground
}

// load reads texts/.
func load() (*texts, error) {
	t := &texts{slots: map[string]value{}}
	if err := decode("people.yaml", &t.people); err != nil {
		return nil, err
	}
	if err := decode("slots.yaml", &t.slots); err != nil {
		return nil, err
	}
	for _, channel := range casework.Channels() {
		g := ground{Channel: channel}
		if err := decode(string(channel)+".yaml", &g); err != nil {
			return nil, err
		}
		t.grounds = append(t.grounds, g)
	}
	return t, nil
}

// decode reads one file of texts/, strictly.
func decode(name string, into any) error {
	f, err := files.Open(path.Join("texts", name))
	if err != nil {
		return fmt.Errorf("sample texts: %w", err)
	}
	defer func(f fs.File) { _ = f.Close() }(f)
	d := yaml.NewDecoder(f)
	d.KnownFields(true)
	if err := d.Decode(into); err != nil {
		return fmt.Errorf("sample texts: %s: %w", name, err)
	}
	return nil
}
