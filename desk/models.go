package desk

import (
	"context"
	"time"

	"xiaobao/casework"
)

// ModelSettings are what this installation has configured beyond rules.
type ModelSettings struct {
	Endpoints []casework.ModelStanding // configured ones, without their keys
	Masking   func() (string, error)   // its version; asked when it is told, for finding out takes a moment
	Share     float64                  // most of the touchpoints that models are asked about
	Key       []byte                   // opens what masks stand for
}

// Models tells where the engines beyond the rules stand: endpoints, switches
// and what they used today.
func (d *Desk) Models(ctx context.Context, u casework.User) (casework.ModelsStanding, error) {
	standing := casework.ModelsStanding{Share: d.Settings.Share}
	if err := u.Permit(casework.ViewModels); err != nil {
		return standing, err
	}
	if d.Settings.Masking != nil {
		version, err := d.Settings.Masking()
		if err != nil {
			return standing, err
		}
		standing.Masking = version
	}
	switches, err := d.Records.ModelSwitches(ctx)
	if err != nil {
		return standing, err
	}
	days, err := d.Records.ModelDays(ctx, d.now())
	if err != nil {
		return standing, err
	}
	today := string(casework.DayOf(d.now()))
	for _, endpoint := range []string{"primary", "second"} {
		one := d.Settings.standing(endpoint)
		limit := one.Today.Limit
		one.Today = casework.ModelDay{Endpoint: endpoint, Day: today}
		for _, day := range days {
			if day.Endpoint == endpoint && day.Day == today {
				one.Today = day
			}
		}
		if one.Configured {
			one.Today.Limit = limit // as it is configured now
		}
		one.Switch = switchOf(switches, endpoint)
		standing.Endpoints = append(standing.Endpoints, one)
	}
	standing.All = switchOf(switches, casework.AllModels)
	standing.Local, err = d.Records.ActiveLocalModel(ctx)
	return standing, err
}

// standing is an endpoint as it is configured, or that it is not.
func (s ModelSettings) standing(endpoint string) casework.ModelStanding {
	for _, configured := range s.Endpoints {
		if configured.Endpoint == endpoint {
			configured.Configured = true
			return configured
		}
	}
	return casework.ModelStanding{Endpoint: endpoint}
}

func switchOf(switches []casework.ModelSwitch, endpoint string) *casework.ModelSwitch {
	for n := range switches {
		if switches[n].Endpoint == endpoint {
			return &switches[n]
		}
	}
	return nil
}

// ModelCalls lists the calls to models, the latest first. They hold no text.
func (d *Desk) ModelCalls(ctx context.Context, u casework.User, f casework.ModelCallFilter, p casework.PageRequest) (casework.Listing[casework.ModelCall], error) {
	if err := u.Permit(casework.ViewModels); err != nil {
		return casework.Listing[casework.ModelCall]{}, err
	}
	within, err := d.within(ctx, u)
	if err != nil {
		return casework.Listing[casework.ModelCall]{}, err
	}
	if within != nil && f.Case != "" {
		if err := d.seesCase(ctx, u, f.Case); err != nil {
			return casework.Listing[casework.ModelCall]{}, err
		}
	}
	calls, err := d.Records.ModelCalls(ctx, f, p)
	if within != nil && f.Case == "" { // what others work on is not theirs to know
		for n := range calls.Rows {
			c := &calls.Rows[n]
			c.Case, c.Key, c.Workflow, c.Run, c.Activity = "", "", "", "", ""
		}
	}
	return calls, err
}

// seesCase refuses an inspection or consultation outside the user's part of
// the institution.
func (d *Desk) seesCase(ctx context.Context, u casework.User, id string) error {
	c, err := d.Records.Consultation(ctx, id)
	if casework.KindOf(err) == casework.NotFound {
		_, err = d.inspection(ctx, u, id)
		return err
	}
	if err != nil {
		return err
	}
	return d.seesOrg(ctx, u, c.OrgID, "consultation "+id)
}

// wholeHouse refuses users of a unit what concerns the whole institution.
func (d *Desk) wholeHouse(ctx context.Context, u casework.User) error {
	within, err := d.within(ctx, u)
	if err != nil || within == nil {
		return err
	}
	return casework.Errorf(casework.Denied, "models serve the whole institution; users of the head office decide about them").
		InChinese("模型供全机构使用，请由总部用户办理").WithCode("out_of_scope")
}

// SwitchModel turns an endpoint, or with casework.AllModels every one, off or
// on. Work under way notices at its next call.
func (d *Desk) SwitchModel(ctx context.Context, u casework.User, endpoint string, off bool, reason string) error {
	if err := u.Permit(casework.SwitchModels); err != nil {
		return err
	}
	if err := d.wholeHouse(ctx, u); err != nil {
		return err
	}
	reason, err := cleanNote(reason)
	switch {
	case err != nil:
		return err
	case endpoint != "primary" && endpoint != "second" && endpoint != casework.AllModels:
		return casework.Errorf(casework.Invalid, "there is no endpoint %q; there are primary, second and all", endpoint).
			InChinese("没有名为“%s”的模型端点，可选 primary、second、all", endpoint).WithCode("field:endpoint")
	case reason == "":
		return casework.Errorf(casework.Invalid, "say why the model is switched").InChinese("请填写开关模型的理由").WithCode("field:reason")
	}
	if err := d.audit(ctx, u, "model.switch", "model/"+endpoint, map[string]any{"off": off}); err != nil {
		return err
	}
	return d.Records.SwitchModel(ctx, casework.ModelSwitch{Endpoint: endpoint, Off: off, By: u.ID, At: d.now(), Reason: reason})
}

// LocalModels lists the versions of the local model, the latest first.
func (d *Desk) LocalModels(ctx context.Context, u casework.User) ([]casework.LocalModel, error) {
	if err := u.Permit(casework.ViewModels); err != nil {
		return nil, err
	}
	return d.Records.LocalModels(ctx)
}

// PublishLocalModel puts a version of the local model on file and has new
// inspections go by it. The content has been checked.
func (d *Desk) PublishLocalModel(ctx context.Context, u casework.User, version string, content, report []byte) error {
	if err := u.Permit(casework.SwitchModels); err != nil {
		return err
	}
	if err := d.wholeHouse(ctx, u); err != nil {
		return err
	}
	if err := d.audit(ctx, u, "model.publish", "model/"+version, map[string]any{"bytes": len(content)}); err != nil {
		return err
	}
	return d.Records.PublishLocalModel(ctx, casework.LocalModel{
		Version: version, Report: report, PublishedBy: u.ID, PublishedAt: d.now(), Active: true,
	}, content)
}

// Labels hands on officers' decisions with their touchpoints, personal data
// masked, for a local model to learn from.
func (d *Desk) Labels(ctx context.Context, u casework.User, each func(casework.LabelledTouchpoint) error) error {
	if err := u.Permit(casework.ExportData); err != nil {
		return err
	}
	within, err := d.within(ctx, u)
	if err != nil {
		return err
	}
	if within != nil {
		return casework.Errorf(casework.Denied, "labels are exported for the whole institution, by users of the head office").
			InChinese("标注数据按全机构导出，请由总部用户办理").WithCode("out_of_scope")
	}
	if err := d.audit(ctx, u, "labels.export", "labels", nil); err != nil {
		return err
	}
	return d.Records.LabelledTouchpoints(ctx, func(l casework.LabelledTouchpoint) error {
		t := &l.Touchpoint
		if err := maskWords(t, func(text string) (string, error) { return d.mask(text, l.Known...) }); err != nil {
			return err
		}
		t.CustomerID, t.Attributes, l.By = "", nil, ""
		return each(l)
	})
}

// Cascade says how many touchpoints of an inspection each engine decided; nil
// where there were only rules.
func (d *Desk) Cascade(ctx context.Context, u casework.User, inspection string) (*casework.CascadeCount, error) {
	if err := u.Permit(casework.ViewInspections); err != nil {
		return nil, err
	}
	if _, err := d.inspection(ctx, u, inspection); err != nil {
		return nil, err
	}
	return d.Records.Cascade(ctx, inspection)
}

// VerifyCalls walks the whole record of model calls as VerifyAudit walks the
// audit trail.
func (d *Desk) VerifyCalls(ctx context.Context, u casework.User) (calls int, broken int64, err error) {
	if err := u.Permit(casework.ViewAudit); err != nil {
		return 0, 0, err
	}
	calls, at, err := d.Records.VerifyCalls(ctx)
	if at != nil {
		broken = *at
	}
	return calls, broken, err
}

// FileEvaluation puts on file how well an engine did, under a name for its
// data.
func (d *Desk) FileEvaluation(ctx context.Context, u casework.User, name string, e casework.Evaluation) (id string, err error) {
	if !u.May(casework.Consult) {
		if err := u.Permit(casework.SwitchModels); err != nil {
			return "", err
		}
	}
	if name, err = cleanNote(name); err != nil {
		return "", err
	}
	if name == "" || len([]rune(name)) > 100 {
		return "", casework.Errorf(casework.Invalid, "an evaluation needs a name of at most 100 characters").
			InChinese("请填写评测名称，最多 100 字").WithCode("field:name")
	}
	if err := e.Check(); err != nil {
		return "", err
	}
	id = newID("e-")
	if err := d.audit(ctx, u, "evaluation.file", "evaluation/"+id, map[string]any{"task": e.Task, "engine": e.Engine, "texts": e.Texts}); err != nil {
		return "", err
	}
	return id, d.Records.FileEvaluation(ctx, casework.FiledEvaluation{ID: id, By: u.ID, At: d.now().Truncate(time.Microsecond), Name: name, Body: e})
}

// Evaluations lists the evaluations on file, the latest first.
func (d *Desk) Evaluations(ctx context.Context, u casework.User, p casework.PageRequest) (casework.Listing[casework.FiledEvaluation], error) {
	if err := u.Permit(casework.ViewModels); err != nil {
		return casework.Listing[casework.FiledEvaluation]{}, err
	}
	return d.Records.Evaluations(ctx, p)
}

// Evaluation is one evaluation on file.
func (d *Desk) Evaluation(ctx context.Context, u casework.User, id string) (casework.FiledEvaluation, error) {
	if err := u.Permit(casework.ViewModels); err != nil {
		return casework.FiledEvaluation{}, err
	}
	return d.Records.Evaluation(ctx, id)
}
