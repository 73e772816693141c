package desk

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"go.temporal.io/api/enums/v1"
	"go.temporal.io/api/serviceerror"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/temporal"

	"xiaobao/casework"
	"xiaobao/workflows"
)

// windows are the periods that a scheduled inspection may look back on.
var windows = []string{"previous_day", "previous_week", "previous_month", "previous_quarter"}

// catchUp is how late a start may still be made up for after an outage.
const catchUp = 12 * time.Hour

// AddSchedule has inspections start by themselves. The name stays in the
// database; Temporal knows the id only.
func (d *Desk) AddSchedule(ctx context.Context, u casework.User, s casework.Schedule) (casework.Schedule, error) {
	if err := u.Permit(casework.ManageSchedules); err != nil {
		return s, err
	}
	s.OrgID = u.OrgID
	s, spec, err := d.planned(ctx, u, s)
	if err != nil {
		return s, err
	}
	request, err := requestID(s.ID) // the same id again adds no other schedule
	if err != nil {
		return s, err
	}
	s.ID, s.OwnedBy = "s-"+request, u.ID
	if err := d.mustBeNew(ctx, s); err != nil {
		return casework.Schedule{}, err
	}
	if err := d.audit(ctx, u, "schedule.add", "schedule/"+s.ID, map[string]any{"every": s.Every, "window": s.Window}); err != nil {
		return s, err
	}
	if err := d.Records.SaveSchedule(ctx, s); err != nil {
		return s, err
	}
	return s, d.createSchedule(ctx, s, spec)
}

// planned checks what a schedule is to do, and completes it. Its scope stays
// within what the user sees and within the unit that the schedule belongs to.
func (d *Desk) planned(ctx context.Context, u casework.User, s casework.Schedule) (casework.Schedule, client.ScheduleSpec, error) {
	s.Name = strings.TrimSpace(s.Name)
	spec, err := specOf(s)
	if err != nil {
		return s, spec, err
	}
	s.Scope.From, s.Scope.To = time.Time{}, time.Time{} // each round has its own
	round := s.Scope
	round.From, round.To = d.now().AddDate(0, 0, -1), d.now()
	if err := round.Check(); err != nil {
		return s, spec, err
	}
	if s.Scope.Sample > 0 && s.Scope.Seed == 0 {
		s.Scope.Seed = 1
	}
	if _, s.Items, err = d.itemsOf(s.Checklist, s.Items); err != nil {
		return s, spec, err
	}
	owner := u
	owner.OrgID = s.OrgID
	for _, who := range []casework.User{u, owner} {
		if s.Scope.Orgs, err = d.narrow(ctx, who, s.Scope.Orgs); err != nil {
			return s, spec, err
		}
	}
	return s, spec, nil
}

// createSchedule has Temporal start the rounds; it may do so already.
func (d *Desk) createSchedule(ctx context.Context, s casework.Schedule, spec client.ScheduleSpec) error {
	_, err := d.Temporal.ScheduleClient().Create(ctx, client.ScheduleOptions{
		ID:            scheduleID(s.ID),
		Spec:          spec,
		Overlap:       enums.SCHEDULE_OVERLAP_POLICY_SKIP, // one round at a time
		CatchupWindow: catchUp,
		Action:        roundOf(s),
	})
	if errors.Is(err, temporal.ErrScheduleAlreadyRunning) {
		return nil
	}
	return workflows.FromTemporal(err)
}

// roundOf is what a schedule starts.
func roundOf(s casework.Schedule) *client.ScheduleWorkflowAction {
	return &client.ScheduleWorkflowAction{
		ID:        workflows.InspectionWorkflowID(s.ID),
		Workflow:  workflows.InspectName,
		TaskQueue: workflows.TaskQueue,
		Args: []any{workflows.InspectionOrder{
			Checklist: s.Checklist, Items: s.Items, Scope: s.Scope, OrderedBy: s.OwnedBy, OrgID: s.OrgID,
			Schedule: s.ID, Window: s.Window, AdjudicateWithin: adjudicateWithin, AnswerWithin: answerWithin,
		}},
	}
}

// ChangeSchedule gives a schedule another name, time, period or scope, from
// the next round on. It stays its owner's and their unit's; without items it
// keeps those it has, if the checklist is the same.
func (d *Desk) ChangeSchedule(ctx context.Context, u casework.User, s casework.Schedule) (casework.Schedule, error) {
	kept, err := d.mySchedule(ctx, u, s.ID)
	if err != nil {
		return s, err
	}
	s.OwnedBy, s.OrgID = kept.OwnedBy, kept.OrgID
	if len(s.Items) == 0 && s.Checklist == kept.Checklist {
		s.Items = kept.Items
	}
	s, spec, err := d.planned(ctx, u, s)
	if err != nil {
		return s, err
	}
	if err := d.audit(ctx, u, "schedule.change", "schedule/"+s.ID, map[string]any{"every": s.Every, "window": s.Window}); err != nil {
		return s, err
	}
	if err := d.Records.SaveSchedule(ctx, s); err != nil {
		return s, err
	}
	err = d.Temporal.ScheduleClient().GetHandle(ctx, scheduleID(s.ID)).Update(ctx, client.ScheduleUpdateOptions{
		DoUpdate: func(found client.ScheduleUpdateInput) (*client.ScheduleUpdate, error) {
			changed := found.Description.Schedule
			changed.Spec, changed.Action = &spec, roundOf(s)
			return &client.ScheduleUpdate{Schedule: &changed}, nil
		},
	})
	if _, gone := errors.AsType[*serviceerror.NotFound](err); gone {
		return s, d.createSchedule(ctx, s, spec) // on record, but never came to run
	}
	return s, workflows.FromTemporal(err)
}

// mustBeNew refuses a schedule under the id of another one.
func (d *Desk) mustBeNew(ctx context.Context, s casework.Schedule) error {
	kept, err := d.Records.Schedule(ctx, s.ID)
	if casework.KindOf(err) == casework.NotFound {
		return nil
	}
	if err != nil {
		return err
	}
	if kept.OwnedBy == s.OwnedBy && kept.Name == s.Name && kept.Checklist == s.Checklist && slices.Equal(kept.Items, s.Items) &&
		kept.Window == s.Window && kept.Every == s.Every && kept.AtHour == s.AtHour && sameScope(kept.Scope, s.Scope) {
		return nil
	}
	return casework.Errorf(casework.Conflict, "this request id asked for another schedule before; use a new one").
		InChinese("该请求编号此前用于另一项计划，请重新提交").WithCode("request_reused")
}

func scheduleID(id string) string { return "inspection/" + id }

// specOf is when a schedule starts, in Beijing time.
func specOf(s casework.Schedule) (client.ScheduleSpec, error) {
	switch {
	case s.Name == "" || len([]rune(s.Name)) > 100:
		return client.ScheduleSpec{}, casework.Errorf(casework.Invalid, "a schedule needs a name of at most 100 characters").
			InChinese("请填写计划名称，最多 100 字").WithCode("field:name")
	case !slices.Contains(windows, s.Window):
		return client.ScheduleSpec{}, casework.Errorf(casework.Invalid, "there is no window %q", s.Window).
			InChinese("请选择检查的期间").WithCode("field:window")
	case s.AtHour < 0 || s.AtHour > 23:
		return client.ScheduleSpec{}, casework.Errorf(casework.Invalid, "the hour is from 0 to 23").
			InChinese("启动时间应在 0 到 23 点之间").WithCode("field:at_hour")
	}
	at := client.ScheduleCalendarSpec{Hour: one(s.AtHour), Minute: one(0)}
	switch s.Every {
	case "day":
	case "week":
		at.DayOfWeek = one(1)
	case "month":
		at.DayOfMonth = one(1)
	case "quarter":
		at.DayOfMonth = one(1)
		at.Month = []client.ScheduleRange{{Start: 1, End: 10, Step: 3}}
	default:
		return client.ScheduleSpec{}, casework.Errorf(casework.Invalid, "a schedule runs every day, week, month or quarter").
			InChinese("请选择执行频率：每日、每周、每月或每季").WithCode("field:every")
	}
	return client.ScheduleSpec{Calendars: []client.ScheduleCalendarSpec{at}, TimeZoneName: "Asia/Shanghai"}, nil
}

func one(n int) []client.ScheduleRange { return []client.ScheduleRange{{Start: n, End: n}} }

// Schedules lists what starts by itself, with when it runs next.
func (d *Desk) Schedules(ctx context.Context, u casework.User) ([]casework.Schedule, error) {
	if err := u.Permit(casework.ViewInspections); err != nil {
		return nil, err
	}
	within, err := d.within(ctx, u)
	if err != nil {
		return nil, err
	}
	schedules, err := d.Records.Schedules(ctx, within)
	if err != nil {
		return nil, err
	}
	for i := range schedules {
		if err := d.standing(ctx, &schedules[i]); err != nil {
			return nil, err
		}
	}
	return schedules, nil
}

// standing fills in what only Temporal knows of a schedule.
func (d *Desk) standing(ctx context.Context, s *casework.Schedule) error {
	described, err := d.Temporal.ScheduleClient().GetHandle(ctx, scheduleID(s.ID)).Describe(ctx)
	if _, gone := errors.AsType[*serviceerror.NotFound](err); gone {
		s.Paused = true // on record, but never came to run
		return nil
	}
	if err != nil {
		return workflows.FromTemporal(err)
	}
	s.Paused = described.Schedule.State.Paused
	if next := described.Info.NextActionTimes; len(next) > 0 {
		s.NextRun = &next[0]
	}
	if recent := described.Info.RecentActions; len(recent) > 0 {
		s.LastRun = &recent[len(recent)-1].ActualTime
	}
	return nil
}

// PauseSchedule stops a schedule, or lets it go on.
func (d *Desk) PauseSchedule(ctx context.Context, u casework.User, id string, pause bool) error {
	handle, err := d.schedule(ctx, u, id, "schedule.pause")
	if err != nil {
		return err
	}
	if pause {
		return workflows.FromTemporal(handle.Pause(ctx, client.SchedulePauseOptions{Note: "paused by " + string(u.ID)}))
	}
	return workflows.FromTemporal(handle.Unpause(ctx, client.ScheduleUnpauseOptions{Note: "resumed by " + string(u.ID)}))
}

// TriggerSchedule starts a round now.
func (d *Desk) TriggerSchedule(ctx context.Context, u casework.User, id string) error {
	handle, err := d.schedule(ctx, u, id, "schedule.trigger")
	if err != nil {
		return err
	}
	return workflows.FromTemporal(handle.Trigger(ctx, client.ScheduleTriggerOptions{}))
}

// DeleteSchedule ends a schedule. Rounds under way go on.
func (d *Desk) DeleteSchedule(ctx context.Context, u casework.User, id string) error {
	handle, err := d.schedule(ctx, u, id, "schedule.delete")
	if err != nil {
		return err
	}
	err = handle.Delete(ctx)
	if _, gone := errors.AsType[*serviceerror.NotFound](err); err != nil && !gone {
		return workflows.FromTemporal(err)
	}
	return d.Records.DeleteSchedule(ctx, id)
}

func (d *Desk) schedule(ctx context.Context, u casework.User, id, action string) (client.ScheduleHandle, error) {
	if _, err := d.mySchedule(ctx, u, id); err != nil {
		return nil, err
	}
	if err := d.audit(ctx, u, action, "schedule/"+id, nil); err != nil {
		return nil, err
	}
	return d.Temporal.ScheduleClient().GetHandle(ctx, scheduleID(id)), nil
}

// mySchedule is a schedule that the user may manage.
func (d *Desk) mySchedule(ctx context.Context, u casework.User, id string) (casework.Schedule, error) {
	if err := u.Permit(casework.ManageSchedules); err != nil {
		return casework.Schedule{}, err
	}
	s, err := d.Records.Schedule(ctx, id)
	if err != nil {
		return s, err
	}
	return s, d.seesOrg(ctx, u, s.OrgID, "schedule "+id)
}
