package desk_test

import (
	"slices"
	"strings"
	"testing"

	"go.temporal.io/sdk/client"

	"xiaobao/casework"
	"xiaobao/workflows"
)

// ordered is what the next round of a schedule starts.
func (o *office) ordered(t *testing.T, id string) workflows.InspectionOrder {
	t.Helper()
	order, ok := o.temporal.schedules["inspection/"+id].Action.(*client.ScheduleWorkflowAction).Args[0].(workflows.InspectionOrder)
	if !ok {
		t.Fatalf("%s starts something else", id)
	}
	return order
}

func TestAScheduleIsChangedFromItsNextRoundOn(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	head, branch := o.user("HQ", casework.Officer), o.user("B1", casework.Officer)
	added, err := o.AddSchedule(t.Context(), branch, casework.Schedule{
		Name: "每月检查", Checklist: "annual", Items: []string{"I-057"}, Every: "month", Window: "previous_month", AtHour: 7,
	})
	must(t, err)

	wish := casework.Schedule{
		ID: added.ID, Name: " 每周催收检查 ", Checklist: "annual", Every: "week", Window: "previous_week", AtHour: 9,
		Scope: casework.Scope{Channels: []casework.Channel{casework.CollectionCall}, Sample: 50},
	}
	changed, err := o.ChangeSchedule(t.Context(), head, wish)
	must(t, err)
	kept, err := o.store.Schedule(t.Context(), added.ID)
	must(t, err)
	if kept.Name != "每周催收检查" || kept.AtHour != 9 || kept.OwnedBy != branch.ID || kept.OrgID != "B1" || !slices.Equal(kept.Items, []string{"I-057"}) {
		t.Errorf("kept %+v", kept)
	}
	if !slices.Equal(changed.Scope.Orgs, []string{"B1"}) {
		t.Errorf("the head office widened it to %v", changed.Scope.Orgs)
	}
	order, spec := o.ordered(t, added.ID), o.temporal.schedules["inspection/"+added.ID].Spec
	if order.Window != "previous_week" || order.OrderedBy != branch.ID || order.Scope.Sample != 50 || order.Scope.Seed != 1 ||
		spec.Calendars[0].Hour[0].Start != 9 || len(spec.Calendars[0].DayOfWeek) != 1 {
		t.Errorf("starts %+v at %+v", order, spec)
	}
	if !o.temporal.schedules["inspection/"+added.ID].Paused {
		t.Error("changing it let it go on")
	}

	delete(o.temporal.schedules, "inspection/"+added.ID) // as if it never came to run
	_, err = o.ChangeSchedule(t.Context(), branch, wish)
	must(t, err)
	if o.ordered(t, added.ID).Window != "previous_week" {
		t.Error("it was not made anew")
	}
	if n := strings.Count(text(o.trail(t)), "schedule.change"); n != 2 {
		t.Errorf("the trail has %d changes", n)
	}
}

func TestAScheduleIsNotChangedToNonsenseNorByStrangers(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	wish := casework.Schedule{Name: "每月检查", Checklist: "annual", Every: "month", Window: "previous_month", AtHour: 7}
	added, err := o.AddSchedule(t.Context(), o.user("HQ", casework.Officer), wish)
	must(t, err)
	for name, c := range map[string]struct {
		by    string
		spoil func(*casework.Schedule)
		want  casework.Kind
	}{
		"another unit's": {"B1", func(*casework.Schedule) {}, casework.NotFound},
		"none":           {"HQ", func(s *casework.Schedule) { s.ID = "s-none" }, casework.NotFound},
		"no name":        {"HQ", func(s *casework.Schedule) { s.Name = " " }, casework.Invalid},
		"an hour":        {"HQ", func(s *casework.Schedule) { s.AtHour = 24 }, casework.Invalid},
		"a channel":      {"HQ", func(s *casework.Schedule) { s.Scope.Channels = []casework.Channel{"pigeon"} }, casework.Invalid},
		"a checklist":    {"HQ", func(s *casework.Schedule) { s.Checklist = "none" }, casework.Invalid},
	} {
		s := wish
		s.ID = added.ID
		c.spoil(&s)
		_, err := o.ChangeSchedule(t.Context(), o.user(c.by, casework.Officer), s)
		if casework.KindOf(err) != c.want {
			t.Errorf("%s: %v", name, err)
		}
	}
	if len(o.temporal.steps) != 0 || strings.Contains(text(o.trail(t)), "schedule.change") {
		t.Errorf("something was changed: %v", o.temporal.steps)
	}
}
