package store

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"xiaobao/casework"
)

// counted is what the upserts of master data return: how many rows were new
// and how many changed. Rows that say what is on file already return nothing.
type counted struct{ Added, Updated int }

func (c counted) of(batch int) casework.BatchResult {
	return casework.BatchResult{Added: c.Added, Updated: c.Updated, Unchanged: batch - c.Added - c.Updated}
}

// AddOrgs adds units or brings them up to date, and puts the tree in order.
// Parents may come after their children in the same batch; a batch that
// leaves a unit without its parent or in a circle is refused as a whole.
func (s *Store) AddOrgs(ctx context.Context, units []casework.Org) (casework.BatchResult, error) {
	return addMaster(ctx, s, units, func(o casework.Org) string { return o.ID }, nil, upsertOrgs, "units")
}

// ImportOrgs adds units like AddOrgs and records the step of the import run.
func (s *Store) ImportOrgs(ctx context.Context, run string, step casework.ImportStep, units []casework.Org) (casework.BatchResult, error) {
	return addMaster(ctx, s, units, func(o casework.Org) string { return o.ID }, &importStep{run, step}, upsertOrgs, "units")
}

// AddStaff adds staff or brings them up to date.
func (s *Store) AddStaff(ctx context.Context, people []casework.Staff) (casework.BatchResult, error) {
	return addMaster(ctx, s, people, func(p casework.Staff) string { return p.ID }, nil, upsertStaff, "staff")
}

// ImportStaff adds staff like AddStaff and records the step of the import run.
func (s *Store) ImportStaff(ctx context.Context, run string, step casework.ImportStep, people []casework.Staff) (casework.BatchResult, error) {
	return addMaster(ctx, s, people, func(p casework.Staff) string { return p.ID }, &importStep{run, step}, upsertStaff, "staff")
}

type importStep struct {
	run  string
	step casework.ImportStep
}

// addMaster upserts one batch of master data in one transaction. Of rows that
// share an id the last one counts; the others are unchanged.
func addMaster[T any](ctx context.Context, s *Store, batch []T, id func(T) string, step *importStep,
	upsert func(context.Context, *sqlx.Tx, []byte) (counted, error), what string,
) (casework.BatchResult, error) {
	var result casework.BatchResult
	at := make(map[string]int, len(batch))
	var distinct []T
	for _, row := range batch {
		if i, again := at[id(row)]; again {
			distinct[i] = row
			continue
		}
		at[id(row)] = len(distinct)
		distinct = append(distinct, row)
	}
	data, err := json.Marshal(append([]T{}, distinct...))
	if err != nil {
		return result, casework.Errorf(casework.Invalid, "%s cannot be stored as they are", what).InChinese("数据内容无法保存").Because(err)
	}
	err = s.inTx(ctx, func(tx *sqlx.Tx) error {
		n, err := upsert(ctx, tx, data)
		if err != nil {
			return err
		}
		result = n.of(len(batch))
		if step == nil {
			return nil
		}
		return recordStep(ctx, tx, step.run, step.step, len(batch), result)
	})
	if err != nil {
		return casework.BatchResult{}, describe(err, what)
	}
	return result, nil
}

func upsertOrgs(ctx context.Context, tx *sqlx.Tx, data []byte) (counted, error) {
	var n counted
	if _, err := tx.ExecContext(ctx, `SELECT pg_advisory_xact_lock($1)`, orgLock); err != nil {
		return n, err
	}
	err := tx.GetContext(ctx, &n, `
		WITH written AS (
			INSERT INTO orgs AS o (id, parent_id, name, kind, path)
			SELECT r.id, coalesce(r.parent_id, ''), r.name, r.kind, ARRAY[r.id]
			FROM jsonb_to_recordset($1::jsonb) AS r (id text, parent_id text, name text, kind text)
			ON CONFLICT (id) DO UPDATE
			SET parent_id = excluded.parent_id, name = excluded.name, kind = excluded.kind, changed_at = now()
			WHERE (o.parent_id, o.name, o.kind) IS DISTINCT FROM (excluded.parent_id, excluded.name, excluded.kind)
			RETURNING xmax = 0 AS added
		)
		SELECT count(*) FILTER (WHERE added) AS added, count(*) FILTER (WHERE NOT added) AS updated FROM written`, string(data))
	if err != nil || n == (counted{}) {
		return n, err
	}
	return n, growTree(ctx, tx)
}

// growTree writes every path anew from the roots down. Units that no root
// reaches hang on a missing parent or on each other.
func growTree(ctx context.Context, tx *sqlx.Tx) error {
	var lost []string
	err := tx.SelectContext(ctx, &lost, `
		WITH RECURSIVE tree AS (
			SELECT id, ARRAY[id] AS path FROM orgs WHERE parent_id = ''
			UNION ALL
			SELECT o.id, t.path || o.id FROM orgs o JOIN tree t ON o.parent_id = t.id
		), moved AS (
			UPDATE orgs o SET path = t.path FROM tree t WHERE t.id = o.id AND o.path <> t.path
		)
		SELECT o.id FROM orgs o WHERE NOT EXISTS (SELECT FROM tree t WHERE t.id = o.id) ORDER BY o.id LIMIT 5`)
	if err != nil {
		return err
	}
	if len(lost) > 0 {
		return casework.Errorf(casework.Invalid, "these units name a parent that is missing or below themselves: %q", lost).
			InChinese("以下机构的上级不存在，或构成循环：%s", fmt.Sprintf("%q", lost)).WithCode("field:parent_id")
	}
	return nil
}

func upsertStaff(ctx context.Context, tx *sqlx.Tx, data []byte) (counted, error) {
	var n counted
	err := tx.GetContext(ctx, &n, `
		WITH written AS (
			INSERT INTO staff AS s (id, org_id, name, position, active)
			SELECT r.id, r.org_id, r.name, coalesce(r.position, ''), r.active
			FROM jsonb_to_recordset($1::jsonb) AS r (id text, org_id text, name text, position text, active boolean)
			ORDER BY r.id
			ON CONFLICT (id) DO UPDATE
			SET org_id = excluded.org_id, name = excluded.name, position = excluded.position, active = excluded.active, changed_at = now()
			WHERE (s.org_id, s.name, s.position, s.active) IS DISTINCT FROM (excluded.org_id, excluded.name, excluded.position, excluded.active)
			RETURNING xmax = 0 AS added
		)
		SELECT count(*) FILTER (WHERE added) AS added, count(*) FILTER (WHERE NOT added) AS updated FROM written`, string(data))
	return n, err
}

// Orgs are all units, each after those above it.
func (s *Store) Orgs(ctx context.Context) ([]casework.Org, error) {
	orgs := []casework.Org{}
	err := s.db.SelectContext(ctx, &orgs, `SELECT id, parent_id, name, kind FROM orgs ORDER BY path`)
	return orgs, describe(err, "units")
}

// Org is one unit.
func (s *Store) Org(ctx context.Context, id string) (casework.Org, error) {
	var o casework.Org
	err := s.db.GetContext(ctx, &o, `SELECT id, parent_id, name, kind FROM orgs WHERE id = $1`, id)
	return o, describe(err, "unit "+id)
}

// OrgsBelow are the ids of the given units with all below them, sorted.
func (s *Store) OrgsBelow(ctx context.Context, units []string) ([]string, error) {
	ids := []string{}
	err := s.db.SelectContext(ctx, &ids, `SELECT id FROM orgs WHERE path && $1 ORDER BY id`, pq.StringArray(units))
	return ids, describe(err, "units")
}

var staffOrders = map[string]order{
	"":     {keys: []key{{"s.id", "text"}}},
	"name": {keys: []key{{"s.name", "text"}, {"s.id", "text"}}},
}

// StaffOf is a page of the staff of the given units and all below them; of
// all units if none is given.
func (s *Store) StaffOf(ctx context.Context, units []string, request casework.PageRequest) (casework.Listing[casework.Staff], error) {
	var c conditions
	c.below("s.org_id", units)
	p, err := paged(&c, request, staffOrders)
	if err != nil {
		return casework.Listing[casework.Staff]{}, err
	}
	var rows []staffRow
	err = s.db.SelectContext(ctx, &rows, `
		SELECT s.id, s.org_id, s.name, s.position, s.active, `+p.cursorColumn()+`
		FROM staff s`+c.where()+p.orderLimit(), c.args...)
	if err != nil {
		return casework.Listing[casework.Staff]{}, describe(err, "staff")
	}
	return listing(p, request, rows, func(r *staffRow) string { return r.Cursor },
		func(r *staffRow) (casework.Staff, error) { return r.Staff, nil })
}

type staffRow struct {
	casework.Staff
	Cursor string
}

// StaffMember is one member of staff.
func (s *Store) StaffMember(ctx context.Context, id string) (casework.Staff, error) {
	var m casework.Staff
	err := s.db.GetContext(ctx, &m, `SELECT id, org_id, name, position, active FROM staff WHERE id = $1`, id)
	return m, describe(err, "member of staff "+id)
}
