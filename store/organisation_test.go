package store_test

import (
	"slices"
	"testing"
	"time"

	"xiaobao/casework"
	"xiaobao/store/storetest"
)

func TestUnitsFormATree(t *testing.T) {
	t.Parallel()
	s := storetest.New(t)
	tree(t, s)
	below := have[[]string](t)(s.OrgsBelow(t.Context(), []string{"north"}))
	if !slices.Equal(below, []string{"north", "north-1"}) {
		t.Errorf("below north: %v", below)
	}
	moved := have[casework.BatchResult](t)(s.AddOrgs(t.Context(), []casework.Org{
		{ID: "north", ParentID: "south", Name: "北", Kind: "branch"},
		{ID: "south", ParentID: "ho", Name: "南", Kind: "branch"},
	}))
	if moved.Updated != 1 || moved.Unchanged != 1 {
		t.Errorf("moving north gave %+v", moved)
	}
	below = have[[]string](t)(s.OrgsBelow(t.Context(), []string{"south"}))
	if !slices.Equal(below, []string{"north", "north-1", "south"}) {
		t.Errorf("below south after the move: %v", below)
	}
	var ids []string
	for _, o := range have[[]casework.Org](t)(s.Orgs(t.Context())) {
		ids = append(ids, o.ID)
	}
	if !slices.Equal(ids, []string{"ho", "south", "north", "north-1"}) {
		t.Errorf("units in the order %v", ids)
	}
}

func TestUnitsWithoutAWayToTheRootAreRefused(t *testing.T) {
	t.Parallel()
	s := storetest.New(t)
	tree(t, s)
	bad := map[string][]casework.Org{
		"missing parent": {{ID: "x", ParentID: "nowhere", Name: "x", Kind: "branch"}},
		"circle":         {{ID: "north", ParentID: "north-1", Name: "北", Kind: "branch"}},
		"own parent":     {{ID: "y", ParentID: "y", Name: "y", Kind: "branch"}},
		"unknown kind":   {{ID: "z", ParentID: "ho", Name: "z", Kind: "castle"}},
		"no id":          {{ParentID: "ho", Name: "z", Kind: "branch"}},
	}
	for _, units := range bad {
		_, err := s.AddOrgs(t.Context(), units)
		kind(t, err, casework.Invalid)
	}
	if n := len(have[[]casework.Org](t)(s.Orgs(t.Context()))); n != 4 {
		t.Errorf("%d units after refusals, want 4", n)
	}
}

func TestStaffAreFoundByUnitAndBelow(t *testing.T) {
	t.Parallel()
	s := storetest.New(t)
	tree(t, s)
	staff := []casework.Staff{
		{ID: "a1", OrgID: "north-1", Name: "甲", Active: true}, {ID: "a2", OrgID: "south", Name: "乙", Position: "坐席"}, {ID: "a3", OrgID: "north", Name: "丙", Active: true},
	}
	have[casework.BatchResult](t)(s.AddStaff(t.Context(), staff))
	staff[1].Active = true
	if r := have[casework.BatchResult](t)(s.AddStaff(t.Context(), staff)); r.Updated != 1 || r.Unchanged != 2 {
		t.Errorf("second time: %+v", r)
	}
	page := have[casework.Listing[casework.Staff]](t)(s.StaffOf(t.Context(), []string{"north"}, casework.PageRequest{Limit: 1}))
	rest := have[casework.Listing[casework.Staff]](t)(s.StaffOf(t.Context(), []string{"north"}, casework.PageRequest{Limit: 1, After: page.Next}))
	if page.Rows[0].ID != "a1" || rest.Rows[0].ID != "a3" || rest.Next != "" {
		t.Errorf("pages %v and %v", page, rest)
	}
	if m := have[casework.Staff](t)(s.StaffMember(t.Context(), "a2")); m != staff[1] {
		t.Errorf("got %+v", m)
	}
}

func TestCustomersAreBroughtUpToDate(t *testing.T) {
	t.Parallel()
	s := storetest.New(t)
	out := noon.Truncate(time.Second)
	batch := []casework.Customer{{ID: "c1", Name: "张三", Phone: "13800138000", BirthYear: 1980}, {ID: "c2"}, {ID: "c1", Name: "张三", OptedOutAt: &out, Attributes: map[string]any{"vip": true}}}
	first := have[casework.BatchResult](t)(s.AddCustomers(t.Context(), batch))
	if first.Added != 2 || first.Unchanged != 1 {
		t.Errorf("first time: %+v", first)
	}
	if again := have[casework.BatchResult](t)(s.AddCustomers(t.Context(), batch)); again.Unchanged != 3 {
		t.Errorf("second time: %+v", again)
	}
	got := have[casework.Customer](t)(s.Customer(t.Context(), "c1"))
	if got.OptedOutAt == nil || !got.OptedOutAt.Equal(out) || got.Attributes["vip"] != true || got.Phone != "" {
		t.Errorf("the last row of an id counts; got %+v", got)
	}
	names := have[map[string]string](t)(s.CustomerNames(t.Context(), []string{"c1", "c2", "c9"}))
	if len(names) != 1 || names["c1"] != "张三" {
		t.Errorf("names %v", names)
	}
	if none := have[map[string]string](t)(s.CustomerNames(t.Context(), nil)); len(none) != 0 {
		t.Errorf("names of nobody: %v", none)
	}
	_, err := s.Customer(t.Context(), "c9")
	kind(t, err, casework.NotFound)
	_, err = s.AddCustomers(t.Context(), []casework.Customer{{ID: "c3", Name: "张\x00三"}})
	kind(t, err, casework.Invalid)
}
