package activities

import (
	"xiaobao/casework"
)

// rank asks the local model about a touchpoint in which no rule fired. What
// it is sure of is a finding; what it only suspects is undecided.
func (e *examination) rank(r Ranker, t *casework.Touchpoint) ([]casework.Finding, []casework.Undecided) {
	var findings []casework.Finding
	var suspicions []casework.Suspicion
	for _, guess := range r.Rank(t, e.indicators) {
		if guess.Accept {
			findings = append(findings, e.suspected(t, guess.Suspicion, e.local.Version())...)
		} else {
			suspicions = append(suspicions, guess.Suspicion)
		}
	}
	if len(findings) > 0 || len(suspicions) == 0 { // officers look at it anyway
		return findings, nil
	}
	return nil, []casework.Undecided{{Inspection: e.inspection, Touchpoint: t.ID, Suspicions: suspicions}}
}

// suspected are the findings of the local model for each item that names the
// indicator.
func (c *conclusions) suspected(t *casework.Touchpoint, s casework.Suspicion, version string) []casework.Finding {
	return c.findings(t, c.signal(s.Indicator, casework.Signal{
		Engine: casework.ByLocal, Version: version, Certainty: s.Certainty, Evidence: s.Evidence,
	}))
}

// signal gives a conclusion what the rulebook says of its indicator.
func (c *conclusions) signal(indicator string, s casework.Signal) casework.Signal {
	s.Indicator, s.Title, s.Level = indicator, indicator, casework.Blue
	if known, ok := c.Rules.Indicator(indicator); ok {
		s.Title, s.Level = known.Title.Zh, max(known.Level, casework.Blue)
		for _, basis := range known.Basis {
			s.Basis = append(s.Basis, basis.String())
		}
	}
	return s
}
