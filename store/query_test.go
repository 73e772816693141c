package store_test

import (
	"slices"
	"testing"
	"time"

	"xiaobao/casework"
	"xiaobao/store"
	"xiaobao/store/storetest"
)

// at is a moment of 2 March in Beijing.
func at(hour, minute int) time.Time {
	return time.Date(2026, 3, 2, hour, minute, 0, 0, casework.Beijing)
}

func contact(id string, c casework.Channel, when time.Time, attributes map[string]any) casework.Touchpoint {
	return casework.Touchpoint{ID: id, Channel: c, OccurredAt: when, CustomerID: "c1", AgentID: "a1", OrgID: "north", Product: "cash", Text: "x", Attributes: attributes}
}

type attributes = map[string]any

const (
	collection = casework.CollectionCall
	marketing  = casework.TelemarketingCall
)

var queryCases = map[string]struct {
	records []casework.Touchpoint
	params  casework.ParamValues
	tested  int
	hits    []string
}{
	"collection_curfew": {[]casework.Touchpoint{
		contact("2159", collection, at(21, 59), nil), contact("2200", collection, at(22, 0), nil), contact("0759", collection, at(7, 59), nil),
		contact("0800", collection, at(8, 0), nil), contact("agreed", collection, at(23, 0), attributes{"night_agreed": true}),
		contact("inbound", collection, at(23, 1), attributes{"direction": "inbound"}), contact("service", casework.ServiceCall, at(23, 2), nil),
	}, nil, 5, []string{"0759", "2200"}},
	"collection_frequency": {[]casework.Touchpoint{
		contact("1", collection, at(9, 0), attributes{"connected": true}), contact("2", collection, at(10, 0), attributes{"connected": "true"}),
		contact("missed", collection, at(10, 30), attributes{"connected": false}), contact("3", collection, at(11, 0), attributes{"connected": true}),
		contact("4", collection, at(12, 0), attributes{"connected": true}), contact("5", collection, at(12, 0), attributes{"connected": true}),
		contact("next day", collection, at(24, 0), attributes{"connected": true}),
	}, casework.ParamValues{"limit": 3}, 6, []string{"4", "5"}},
	"marketing_hours": {[]casework.Touchpoint{
		contact("0859", marketing, at(8, 59), nil), contact("0900", marketing, at(9, 0), nil), contact("1959", marketing, at(19, 59), nil),
		contact("2000", marketing, at(20, 0), nil), contact("asked for", marketing, at(21, 0), attributes{"appointment": true}),
	}, casework.ParamValues{"from": 9.0, "to": 20.0}, 5, []string{"0859", "2000"}},
	"marketing_frequency": {[]casework.Touchpoint{
		contact("1", marketing, at(9, 0), nil), contact("2", marketing, at(10, 0), nil), contact("3", marketing, at(11, 0), nil),
	}, casework.ParamValues{"limit": 2}, 3, []string{"3"}},
	"contact_after_optout": {[]casework.Touchpoint{ // c1 opted out at noon
		contact("before", marketing, at(11, 59), nil), contact("after", casework.SMSPush, at(12, 0), nil),
		contact("flag", casework.SMSPush, at(9, 0), attributes{"opted_out": true}), contact("service", casework.ServiceCall, at(13, 0), nil),
	}, nil, 3, []string{"after", "flag"}},
	"consent_missing": {[]casework.Touchpoint{
		contact("yes", marketing, at(9, 0), attributes{"consent": true}), contact("no", marketing, at(9, 1), attributes{"consent": false}), contact("unsaid", marketing, at(9, 2), nil),
	}, nil, 3, []string{"no"}},
	"third_party_contact": {[]casework.Touchpoint{
		contact("debtor", collection, at(9, 0), attributes{"callee_relation": "debtor"}), contact("contact", collection, at(9, 1), attributes{"callee_relation": "contact"}),
		contact("stranger", collection, at(9, 2), attributes{"callee_relation": "stranger"}), contact("guarantor", collection, at(9, 3), attributes{"callee_relation": "guarantor"}),
	}, nil, 4, []string{"contact", "stranger"}},
	"contact_after_refusal": {[]casework.Touchpoint{
		contact("earlier", collection, at(8, 30), attributes{"callee_relation": "contact"}),
		contact("refused", collection, at(9, 0), attributes{"callee_relation": "contact", "contact_refused": true}),
		contact("again", collection, at(10, 0), attributes{"callee_relation": "contact"}), contact("debtor", collection, at(11, 0), attributes{"callee_relation": "debtor"}),
		contact("debtor refused", collection, at(12, 0), attributes{"callee_relation": "debtor", "contact_refused": true}), contact("debtor again", collection, at(13, 0), attributes{"callee_relation": "debtor"}),
	}, nil, 6, []string{"again"}},
	"stop_flag_violation": {[]casework.Touchpoint{
		contact("stop", collection, at(9, 0), attributes{"stop_flag": true}), contact("go", collection, at(9, 1), nil),
	}, nil, 2, []string{"stop"}},
	"complaint_clock": {[]casework.Touchpoint{
		contact("15", casework.ComplaintChannel, at(9, 0), attributes{"days_open": 15}), contact("16", casework.ComplaintChannel, at(9, 1), attributes{"days_open": 16.5}),
		contact("extended", casework.ComplaintChannel, at(9, 2), attributes{"days_open": 25, "days_limit": 30}), contact("late", casework.ComplaintChannel, at(9, 3), attributes{"days_open": 31, "days_limit": 30}),
		contact("words", casework.ComplaintChannel, at(9, 4), attributes{"days_open": "many"}),
	}, casework.ParamValues{"days": 15}, 4, []string{"16", "late"}},
	"material_unapproved": {[]casework.Touchpoint{
		contact("yes", casework.SMSPush, at(9, 0), attributes{"material_approved": true}), contact("no", casework.PartnerPage, at(9, 1), attributes{"material_approved": false}),
		contact("template", casework.SMSPush, at(9, 2), attributes{"template_approved": false}),
	}, nil, 3, []string{"no", "template"}},
	"conflict_handler": {[]casework.Touchpoint{
		contact("self", casework.ComplaintChannel, at(9, 0), attributes{"complained_agent_id": "a1"}), contact("other", casework.ComplaintChannel, at(9, 1), attributes{"complained_agent_id": "a2"}),
		contact("unsaid", casework.ComplaintChannel, at(9, 2), nil),
	}, nil, 2, []string{"self"}},
}

// run gives what a query holds against records, sorted, and how many it saw.
func run(t *testing.T, s *store.Store, name string, scope casework.Scope, params casework.ParamValues) ([]string, int) {
	t.Helper()
	var hits []string
	tested := have[int](t)(s.RunQuery(t.Context(), name, scope, params, func(h casework.QueryHit) error {
		if h.Level == casework.NoLevel || h.OrgID != "north" || h.CustomerID != "c1" || h.Facts == nil {
			t.Errorf("hit %+v", h)
		}
		hits = append(hits, h.Touchpoint)
		return nil
	}))
	slices.Sort(hits)
	return hits, tested
}

func TestNamedQueriesHoldWhatTheyShouldAgainstRecords(t *testing.T) {
	t.Parallel()
	day := casework.Scope{From: at(0, 0), To: at(48, 0)}
	for name, c := range queryCases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := storetest.New(t)
			noon := at(12, 0)
			have[casework.BatchResult](t)(s.AddCustomers(t.Context(), []casework.Customer{{ID: "c1", OptedOutAt: &noon}}))
			have[casework.BatchResult](t)(s.AddTouchpoints(t.Context(), "", c.records))
			hits, tested := run(t, s, name, day, c.params)
			if !slices.Equal(hits, c.hits) || tested != c.tested {
				t.Errorf("hits %q of %d tested, want %q of %d", hits, tested, c.hits, c.tested)
			}
			elsewhere := day
			elsewhere.Orgs = []string{"south"}
			if hits, tested := run(t, s, name, elsewhere, c.params); hits != nil || tested != 0 {
				t.Errorf("in another unit: %q of %d", hits, tested)
			}
		})
	}
	if names := store.QueryNames(); len(names) != len(queryCases) {
		t.Errorf("%d queries and %d cases", len(names), len(queryCases))
	}
}

func TestCallsOfOtherUnitsCountTowardsTheLimit(t *testing.T) {
	t.Parallel()
	s := storetest.New(t)
	records := queryCases["collection_frequency"].records
	batch := slices.Clone(records)
	for i := range batch[:4] { // all but the last ones are another agency's
		batch[i].OrgID = "agency"
	}
	have[casework.BatchResult](t)(s.AddTouchpoints(t.Context(), "", batch))
	scope := casework.Scope{From: at(11, 30), To: at(48, 0), Orgs: []string{"north"}}
	hits, tested := run(t, s, "collection_frequency", scope, nil)
	if !slices.Equal(hits, []string{"4", "5"}) || tested != 3 {
		t.Errorf("hits %q of %d", hits, tested)
	}
}

func TestADrawnQuerySeesOnlyWhatWasDrawn(t *testing.T) {
	t.Parallel()
	s := storetest.New(t)
	records := queryCases["collection_curfew"].records
	have[casework.BatchResult](t)(s.AddTouchpoints(t.Context(), "", records))
	ordered(t, s, march)
	have[casework.Drawing](t)(s.DrawScope(t.Context(), "i-1", march, plan))
	have[casework.BatchResult](t)(s.AddTouchpoints(t.Context(), "", []casework.Touchpoint{contact("later", collection, at(23, 30), nil)}))
	drawn := func(inspection string) (n int) {
		have[int](t)(s.RunDrawnQuery(t.Context(), "collection_curfew", inspection, nil, func(casework.QueryHit) error { n++; return nil }))
		return n
	}
	if n := drawn("i-1"); n != 2 {
		t.Errorf("%d hits in the draw", n)
	}
	if hits, _ := run(t, s, "collection_curfew", march, nil); len(hits) != 3 {
		t.Errorf("hits now: %q", hits)
	}
	scope := march
	scope.Sample, scope.Seed = 1, 1
	must(t, s.CreateInspection(t.Context(), casework.Inspection{ID: "i-2", Name: "x", Checklist: "c", Scope: scope, OrderedBy: "u1", OrderedAt: noon}))
	have[casework.Drawing](t)(s.DrawScope(t.Context(), "i-2", scope, plan))
	tested := have[int](t)(s.RunDrawnQuery(t.Context(), "collection_curfew", "i-2", nil, func(casework.QueryHit) error { return nil }))
	if tested > 1 {
		t.Errorf("%d tested of a sample of one", tested)
	}
}

func TestQueriesRefuseWhatTheyDoNotKnow(t *testing.T) {
	t.Parallel()
	s := storetest.New(t)
	none := func(casework.QueryHit) error { return nil }
	_, err := s.RunQuery(t.Context(), "nonsense", march, nil, none)
	kind(t, err, casework.NotFound)
	for _, params := range []casework.ParamValues{{"form": 9}, {"from": "nine"}, {"from": nil}} {
		_, err := s.RunQuery(t.Context(), "marketing_hours", march, params, none)
		kind(t, err, casework.Invalid)
	}
	if s.KnowsQuery("nonsense") || !s.KnowsQuery("marketing_hours") {
		t.Error("does not know its own queries")
	}
}
