package e2e_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"xiaobao/casework"
)

// roundWithin is how long a round of a schedule may take until its findings
// wait for people.
const roundWithin = 3 * time.Minute

// scheduled is the schedule of that name, as the list has it.
func scheduled(p person, name string) (casework.Schedule, bool) {
	p.t.Helper()
	var all []casework.Schedule
	p.ask(&all, "schedule", "list")
	i := slices.IndexFunc(all, func(s casework.Schedule) bool { return s.Name == name })
	if i < 0 {
		return casework.Schedule{}, false
	}
	return all[i], true
}

// roundOf is the inspection that a schedule started. Its id derives from that
// of the schedule.
func roundOf(p person, schedule string) (casework.Inspection, bool) {
	p.t.Helper()
	var list casework.Listing[casework.Inspection]
	p.ask(&list, "inspect", "list", "--limit", "100")
	i := slices.IndexFunc(list.Rows, func(i casework.Inspection) bool { return i.Schedule == schedule })
	if i < 0 {
		return casework.Inspection{}, false
	}
	return list.Rows[i], true
}

// roundAdjudicates waits until a round of a schedule waits for people.
func roundAdjudicates(t *testing.T, p person, schedule string) casework.Inspection {
	t.Helper()
	var round casework.Inspection
	until(t, "a round of "+schedule, roundWithin, func() bool {
		found, ok := roundOf(p, schedule)
		round = found
		return ok && round.Status == casework.InspectionAdjudicating
	})
	return round
}

// paused waits until a schedule is paused, or goes on.
func paused(t *testing.T, p person, name string, want bool) {
	t.Helper()
	until(t, "pausing or resuming "+name, time.Minute, func() bool {
		s, ok := scheduled(p, name)
		return ok && s.Paused == want
	})
}

func TestAScheduleByCommandLineStartsAnInspection(t *testing.T) {
	officer := the.as(t, "officer")
	const name = "每季催收时段"
	var added casework.Schedule
	officer.ask(&added, "schedule", "add", "--name", name, "--items", "I-057", "--every", "quarter", "--window", "previous_quarter", "--at", "5",
		"--channels", string(casework.CollectionCall))
	s, ok := scheduled(officer, name)
	if !ok || s.Paused || s.NextRun == nil || s.NextRun.In(casework.Beijing).Hour() != 5 {
		t.Fatalf("it is listed as %+v", s)
	}

	officer.run("schedule", "trigger", added.ID)
	round := roundAdjudicates(t, officer, added.ID)
	if round.Progress.Touchpoints == 0 || round.Progress.ItemsDone != 1 || !slices.Equal(round.Items, []string{"I-057"}) ||
		!slices.Equal(round.Scope.Channels, []casework.Channel{casework.CollectionCall}) {
		t.Errorf("the round is %+v", round)
	}

	officer.run("schedule", "pause", added.ID)
	paused(t, officer, name, true)
	officer.run("schedule", "resume", added.ID)
	paused(t, officer, name, false)
	the.as(t, "auditor").refused(5, "schedule", "delete", added.ID)
	officer.run("schedule", "delete", added.ID)
	if _, ok := scheduled(officer, name); ok {
		t.Error("it is still listed")
	}
	officer.refused(3, "schedule", "trigger", added.ID)
	if round, ok := roundOf(officer, added.ID); !ok || round.Status != casework.InspectionAdjudicating {
		t.Errorf("with its schedule went the round: %+v", round)
	}
}

func TestAScheduleInTheBrowserStartsAnInspection(t *testing.T) {
	ctx, officer := chromium(t), the.as(t, "officer")
	enter(t, ctx, "officer")
	const name, changed = "每月电销抽查", "每季电销抽查"
	do(t, ctx, "add a schedule",
		chromedp.Navigate(page("/schedules/new")),
		chromedp.SetValue("#name", name, chromedp.ByQuery),
		chromedp.Click(`input[name="channel"][value="telemarketing_call"]`, chromedp.ByQuery),
		chromedp.Click(`main form button.btn-primary`, chromedp.ByQuery),
		chromedp.WaitVisible(rowOf(name), chromedp.BySearch))
	s, ok := scheduled(officer, name)
	if !ok {
		t.Fatal("it is on the page, not on record")
	}

	do(t, ctx, "change it",
		chromedp.Click(rowOf(name)+`//a[contains(@href, "/edit")]`, chromedp.BySearch),
		chromedp.WaitVisible("#window", chromedp.ByQuery),
		chromedp.SetValue("#name", changed, chromedp.ByQuery),
		chromedp.SetValue("#every", "quarter", chromedp.ByQuery),
		chromedp.SetValue("#window", "previous_quarter", chromedp.ByQuery),
		chromedp.SetValue("#hour", "4", chromedp.ByQuery),
		chromedp.Click(`input[name="coverage"][value="sample"]`, chromedp.ByQuery),
		chromedp.SetValue("#sample", "200", chromedp.ByQuery))
	shoot(t, ctx, "schedule-edit", 1440)
	do(t, ctx, "save the change",
		chromedp.Click(`main form button.btn-primary`, chromedp.ByQuery),
		chromedp.WaitVisible(rowOf(changed), chromedp.BySearch))
	var row string
	do(t, ctx, "read its scope", chromedp.Text(rowOf(changed), &row, chromedp.BySearch))
	for _, words := range []string{"电销外呼", "全部机构", "200", "每季", "4 时"} {
		if !strings.Contains(row, words) {
			t.Errorf("the row lacks %q: %s", words, row)
		}
	}

	press(t, ctx, changed, "trigger")
	round := roundAdjudicates(t, officer, s.ID)
	if round.Progress.Touchpoints != 200 || !slices.Equal(round.Scope.Channels, []casework.Channel{casework.TelemarketingCall}) {
		t.Errorf("the round is %+v with %+v", round.Scope, round.Progress)
	}
	press(t, ctx, changed, "pause")
	paused(t, officer, changed, true)
	do(t, ctx, "see it paused", chromedp.Navigate(page("/schedules")), chromedp.WaitVisible(rowOf(changed)+`//form[contains(@action, "/resume")]`, chromedp.BySearch))
	shoot(t, ctx, "schedules", 1440)
	shoot(t, ctx, "schedules", 390)
	press(t, ctx, changed, "resume")
	paused(t, officer, changed, false)
	do(t, ctx, "delete it",
		chromedp.Navigate(page("/schedules")),
		chromedp.Click(rowOf(changed)+`//details/summary`, chromedp.BySearch),
		chromedp.Click(rowOf(changed)+`//form[contains(@action, "/delete")]/button`, chromedp.BySearch),
		chromedp.WaitNotPresent(rowOf(changed), chromedp.BySearch))
	if _, ok := scheduled(officer, changed); ok {
		t.Error("it is gone from the page, not from the record")
	}
	do(t, ctx, "find its round in the list of inspections",
		chromedp.Navigate(page("/inspections")), chromedp.WaitVisible(`a[href="/inspections/`+round.ID+`"]`, chromedp.ByQuery))
}

// rowOf is where a schedule stands in the list.
func rowOf(name string) string { return `//tbody/tr[.//b[text()="` + name + `"]]` }

// press presses a button of a schedule, and waits for what the page says.
func press(t *testing.T, ctx context.Context, name, step string) {
	t.Helper()
	do(t, ctx, step+" "+name,
		chromedp.Navigate(page("/schedules")),
		chromedp.Click(rowOf(name)+`//form[contains(@action, "/`+step+`")]/button`, chromedp.BySearch),
		chromedp.WaitVisible(`[role="status"], .alert`, chromedp.ByQuery))
}
