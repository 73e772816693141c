package store

import (
	"context"
	"time"

	"xiaobao/casework"
)

// LabelledTouchpoints hands on the latest decision on each finding that was
// confirmed or dismissed, with the touchpoint, unmasked: what a local model
// learns from. A finding without a touchpoint on file is left out.
func (s *Store) LabelledTouchpoints(ctx context.Context, each func(casework.LabelledTouchpoint) error) error {
	const what = "labels"
	rows, err := s.db.QueryxContext(ctx, `
		SELECT l.finding, l.indicator, l.version, l.engine, l.level AS said, l.certainty, l.verdict, l.reason, l.by, l.labelled_at,
			t.seq, t.id, t.occurred_at, t.channel, t.customer_id, t.agent_id, t.org_id, t.product, t.speaker, t.text, t.turns, t.attributes,
			coalesce(c.name, '') AS customer, coalesce(a.name, '') AS agent
		FROM (SELECT DISTINCT ON (finding) finding, indicator, version, engine, level, certainty, verdict, reason, by, at AS labelled_at, id AS nth
			FROM labels WHERE verdict IN ('confirm', 'dismiss') ORDER BY finding, id DESC) l
		JOIN findings f ON f.id = l.finding
		JOIN touchpoints t ON t.id = f.touchpoint AND t.occurred_at = (SELECT k.occurred_at FROM touchpoint_keys k WHERE k.id = f.touchpoint)
		LEFT JOIN customers c ON c.id = t.customer_id
		LEFT JOIN staff a ON a.id = t.agent_id
		ORDER BY l.nth`)
	if err != nil {
		return describe(err, what)
	}
	defer rows.Close()
	for rows.Next() {
		var row labelledRow
		if err := rows.StructScan(&row); err != nil {
			return describe(err, what)
		}
		labelled, err := row.labelled()
		if err != nil {
			return err
		}
		if err := each(labelled); err != nil {
			return err
		}
	}
	return describe(rows.Err(), what)
}

// A labelledRow is a decision with its touchpoint as the query reads them.
type labelledRow struct {
	touchpointRow
	Finding    string
	Indicator  string
	Version    string
	Engine     casework.Engine
	Said       string
	Certainty  float64
	Verdict    casework.Verdict
	Reason     casework.DismissReason
	By         casework.Actor
	LabelledAt time.Time
	Customer   string
	Agent      string
}

func (r *labelledRow) labelled() (casework.LabelledTouchpoint, error) {
	all := casework.LabelledTouchpoint{Label: casework.Label{
		Finding: r.Finding, Indicator: r.Indicator, Version: r.Version, Engine: r.Engine, Certainty: r.Certainty,
		Verdict: r.Verdict, Reason: r.Reason, By: r.By, At: r.LabelledAt,
	}}
	var err error
	if all.Level, err = casework.ParseLevel(r.Said); err != nil {
		return all, err
	}
	for _, name := range []string{r.Customer, r.Agent} {
		if name != "" {
			all.Known = append(all.Known, name)
		}
	}
	all.Touchpoint, err = r.touchpoint()
	return all, err
}
