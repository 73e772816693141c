package llm

import (
	_ "embed" // the table
	"fmt"
	"strconv"
	"strings"
	"sync"
	"time"

	"go.yaml.in/yaml/v3"

	"xiaobao/casework"
)

// A Price is what a model costs, per million tokens.
type Price struct {
	In       float64 `json:"in"`             // read
	Hit      float64 `json:"hit"`            // read, from the provider's own cache
	Out      float64 `json:"out"`            // written
	Currency string  `json:"currency"`       // "USD"
	Version  string  `json:"version"`        // of the table, a date; "unknown": the model is not in it and counts as free; "set": by a person
	Peak     float64 `json:"peak,omitempty"` // factor on weekdays 9–12 and 14–18, Beijing time; 0: none
}

// unpriced is the version of what is in no table.
const unpriced = "unknown"

//go:embed prices.yaml
var priceFile []byte

// priced is a line of the table.
type priced struct {
	Name     string  `yaml:"name"`
	In       float64 `yaml:"in"`
	Hit      float64 `yaml:"hit"`
	Out      float64 `yaml:"out"`
	Currency string  `yaml:"currency"`
	Peak     float64 `yaml:"peak"`
}

// prices reads the embedded table once. A test reads it too, so it is right.
var prices = sync.OnceValue(func() (table struct {
	Version string   `yaml:"version"`
	Models  []priced `yaml:"models"`
}) {
	if err := yaml.Unmarshal(priceFile, &table); err != nil {
		panic(fmt.Sprintf("llm: prices.yaml: %v", err))
	}
	return table
})

// PriceOf looks a model up in the built-in table. What is not there is free
// and has the version "unknown".
func PriceOf(model string) (Price, bool) {
	table := prices()
	var best priced
	for _, p := range table.Models {
		if (model == p.Name || strings.HasPrefix(model, p.Name+"-")) && len(p.Name) > len(best.Name) {
			best = p
		}
	}
	if best.Name == "" {
		return Price{Version: unpriced}, false
	}
	return Price{In: best.In, Hit: best.Hit, Out: best.Out, Currency: best.Currency, Version: table.Version, Peak: best.Peak}, true
}

// cost is what so many tokens cost at a moment.
func (p Price) cost(u usage, at time.Time) float64 {
	fresh := max(0, u.in-u.hit)
	sum := (float64(fresh)*p.In + float64(u.hit)*p.Hit + float64(u.out)*p.Out) / 1e6
	if p.Peak > 0 && atPeak(at) {
		sum *= p.Peak
	}
	return sum
}

// atPeak reports whether vendors with peak hours count a moment as one.
func atPeak(at time.Time) bool {
	local := at.In(casework.Beijing)
	day, hour := local.Weekday(), local.Hour()
	return day != time.Saturday && day != time.Sunday && (hour >= 9 && hour < 12 || hour >= 14 && hour < 18)
}

// readPrice reads "in,hit,out,currency".
func readPrice(text string) (Price, error) {
	parts := strings.Split(text, ",")
	if len(parts) != 4 {
		return Price{}, fmt.Errorf("is not in,hit,out,currency; write it like 0.15,0.003,0.60,USD")
	}
	var numbers [3]float64
	for i := range numbers {
		n, err := strconv.ParseFloat(strings.TrimSpace(parts[i]), 64)
		if err != nil || n < 0 || n > 1e6 {
			return Price{}, fmt.Errorf("has a price that is no number from 0 on; write it like 0.15,0.003,0.60,USD")
		}
		numbers[i] = n
	}
	currency := strings.TrimSpace(parts[3])
	if currency == "" {
		return Price{}, fmt.Errorf("names no currency; write it like 0.15,0.003,0.60,USD")
	}
	return Price{In: numbers[0], Hit: numbers[1], Out: numbers[2], Currency: currency, Version: "set"}, nil
}
