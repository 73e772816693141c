package store

import (
	"regexp"
	"strings"

	"xiaobao/casework"
)

// Words that the checks share. Attributes are read as text, so that true and
// "true" are the same.
const (
	hourOf = `extract(hour FROM t.occurred_at AT TIME ZONE INTERVAL '8 hours')`
	dayOf  = `(t.occurred_at AT TIME ZONE INTERVAL '8 hours')::date`

	// outbound is the rule on these channels; an inbound call says so.
	outbound = `coalesce(t.attributes->>'direction', 'outbound') = 'outbound'`
	collects = `t.channel = 'collection_call' AND ` + outbound
	markets  = `t.channel = 'telemarketing_call' AND ` + outbound

	columns = `t.seq, t.id, t.occurred_at, t.channel, t.org_id, t.agent_id, t.customer_id, t.product, t.attributes`
)

// checks are the queries by name.
var checks = map[string]check{
	// Collection calls in the night hours of Beijing, unless agreed.
	"collection_curfew": {
		params: map[string]float64{"from": 22, "to": 8}, about: collects,
		against: `(` + hourOf + ` >= :from OR ` + hourOf + ` < :to) AND t.attributes->>'night_agreed' IS DISTINCT FROM 'true'`,
		level:   `'orange'`, facts: `json_build_object('hour', ` + hourOf + `)`,
	},
	// Effective calls to one debtor beyond the limit of a day, over all units.
	"collection_frequency": {
		params: map[string]float64{"limit": 3}, source: numberedByDay(collects + ` AND t.attributes->>'connected' = 'true'`),
		about: `true`, against: `t.nth > :limit`,
		level: `'orange'`, facts: `json_build_object('calls_that_day', t.nth, 'limit', :limit::double precision)`,
	},
	// Marketing calls outside the hours, unless the customer made an appointment.
	"marketing_hours": {
		params: map[string]float64{"from": 9, "to": 20}, about: markets,
		against: `(` + hourOf + ` < :from OR ` + hourOf + ` >= :to) AND t.attributes->>'appointment' IS DISTINCT FROM 'true'`,
		level:   `'yellow'`, facts: `json_build_object('hour', ` + hourOf + `)`,
	},
	// Marketing calls to one customer beyond the limit of a day, over all units.
	"marketing_frequency": {
		params: map[string]float64{"limit": 3}, source: numberedByDay(markets),
		about: `true`, against: `t.nth > :limit`,
		level: `'yellow'`, facts: `json_build_object('calls_that_day', t.nth, 'limit', :limit::double precision)`,
	},
	// Marketing after the customer opted out.
	"contact_after_optout": {
		join:    ` LEFT JOIN customers c ON c.id = t.customer_id`,
		about:   `t.channel IN ('telemarketing_call', 'sms_push') AND ` + outbound,
		against: `c.opted_out_at <= t.occurred_at OR t.attributes->>'opted_out' = 'true'`,
		level:   `'orange'`, facts: `json_build_object('opted_out_at', c.opted_out_at)`,
	},
	// Marketing calls without consent on record.
	"consent_missing": {
		about: markets, against: `t.attributes->>'consent' = 'false'`, level: `'yellow'`, facts: `'{}'::json`,
	},
	// Collection calls to people who do not owe.
	"third_party_contact": {
		about: collects, against: `t.attributes->>'callee_relation' IN ('contact', 'stranger')`,
		level: `CASE t.attributes->>'callee_relation' WHEN 'stranger' THEN 'red' ELSE 'orange' END`,
		facts: `json_build_object('callee_relation', t.attributes->>'callee_relation')`,
	},
	// Collection calls to a person other than the debtor who refused before.
	"contact_after_refusal": {
		join: ` LEFT JOIN (
			SELECT t.customer_id, coalesce(t.attributes->>'callee_relation', '') AS relation, min(t.occurred_at) AS at
			FROM touchpoints t
			WHERE t.channel = 'collection_call' AND t.attributes->>'contact_refused' = 'true' AND t.customer_id <> '' AND t.seq <= :high_water
			GROUP BY 1, 2) refused
			ON refused.customer_id = t.customer_id AND refused.relation = coalesce(t.attributes->>'callee_relation', '')`,
		about:   collects,
		against: `refused.at < t.occurred_at AND refused.relation NOT IN ('debtor', 'customer')`,
		level:   `'orange'`, facts: `json_build_object('refused_at', refused.at, 'callee_relation', refused.relation)`,
	},
	// Collection calls while a stop flag is set.
	"stop_flag_violation": {
		about: collects, against: `t.attributes->>'stop_flag' = 'true'`, level: `'orange'`, facts: `'{}'::json`,
	},
	// Complaints open for longer than their limit; days_limit is that of an
	// extension that was granted.
	"complaint_clock": {
		params:  map[string]float64{"days": 15},
		about:   `t.channel = 'complaint' AND jsonb_typeof(t.attributes->'days_open') = 'number'`,
		against: number("days_open", "0") + ` > ` + number("days_limit", ":days"),
		level:   `CASE WHEN ` + number("days_open", "0") + ` > 2 * ` + number("days_limit", ":days") + ` THEN 'orange' ELSE 'yellow' END`,
		facts:   `json_build_object('days_open', ` + number("days_open", "0") + `, 'days_limit', ` + number("days_limit", ":days") + `)`,
	},
	// Messages and pages whose material or template was not approved.
	"material_unapproved": {
		about:   `t.channel IN ('sms_push', 'partner_page')`,
		against: `t.attributes->>'material_approved' = 'false' OR t.attributes->>'template_approved' = 'false'`,
		level:   `'orange'`, facts: `json_build_object('material_hash', t.attributes->>'material_hash', 'template_id', t.attributes->>'template_id')`,
	},
	// Complaints handled by the one who is complained of.
	"conflict_handler": {
		about:   `t.channel = 'complaint' AND t.attributes->>'complained_agent_id' <> ''`,
		against: `t.attributes->>'complained_agent_id' = t.agent_id`, level: `'orange'`, facts: `'{}'::json`,
	},
}

// number reads an attribute as a number, or takes another where it is none.
func number(attribute, otherwise string) string {
	return `CASE jsonb_typeof(t.attributes->'` + attribute + `') WHEN 'number' THEN (t.attributes->>'` + attribute +
		`')::double precision ELSE ` + otherwise + `::double precision END`
}

// numberedByDay is touchpoints with their number among those of the same
// customer and day, wherever in the institution they come from. The days at
// both ends of the period count in full.
func numberedByDay(which string) string {
	return `(SELECT ` + columns + `, row_number() OVER (PARTITION BY t.customer_id, ` + dayOf + ` ORDER BY t.occurred_at, t.id) AS nth
		FROM touchpoints t
		WHERE ` + which + ` AND t.customer_id <> '' AND t.occurred_at >= :first_day AND t.occurred_at < :last_day AND t.seq <= :high_water) t`
}

// A builder writes the SQL of one run with its parameters.
type builder struct {
	conditions
	draw
	params map[string]float64
}

var named = regexp.MustCompile(`(^|[^:]):([a-z_]+)`)

// bind replaces each :name with the number of its parameter.
func (b *builder) bind(clause string) string {
	return named.ReplaceAllStringFunc(clause, func(found string) string {
		before, name, _ := strings.Cut(found, ":")
		switch name {
		case "high_water":
			return before + b.numbered("?::bigint", b.highWater)
		case "first_day":
			return before + b.numbered("?::timestamptz", casework.DayOf(b.scope.From).Midnight())
		case "last_day":
			return before + b.numbered("?::timestamptz", casework.DayOf(b.scope.To.Add(-1)).Midnight().AddDate(0, 0, 1))
		}
		return before + b.numbered("?::double precision", b.params[name])
	})
}

// from is what the check reads.
func (b *builder) from(k check) string {
	source := k.source
	if source == "" {
		source = `touchpoints t`
	}
	return b.bind(source) + b.bind(k.join)
}

// narrow keeps to what was drawn.
func (b *builder) narrow() {
	b.population(&b.conditions)
	if b.sampled {
		b.and("t.id IN (SELECT s.touchpoint FROM inspection_samples s WHERE s.inspection = ?)", b.inspection)
	}
}
