package store

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"time"

	"github.com/jmoiron/sqlx"

	"xiaobao/casework"
)

// recordStep brings an import run forward in the transaction of its batch.
// A step that is recorded already is refused, so that no row counts twice.
func recordStep(ctx context.Context, tx *sqlx.Tx, run string, step casework.ImportStep, rows int, result casework.BatchResult) error {
	found := append([]casework.RowError{}, step.Problems...)
	if step.Conflict != nil {
		for _, i := range result.Conflicts {
			found = append(found, step.Conflict(i))
		}
	}
	slices.SortStableFunc(found, func(a, b casework.RowError) int { return a.Row - b.Row })
	problems, err := json.Marshal(found[:min(len(found), casework.MaxRowErrors)])
	if err != nil {
		return err
	}
	changed, err := tx.ExecContext(ctx, `
		UPDATE import_runs
		SET rows = $2, added = added + $3, unchanged = unchanged + $4, updated = updated + $5,
			invalid = invalid + $6, conflicts = conflicts + $7,
			problems = CASE WHEN jsonb_array_length(problems) >= $9 THEN problems
				ELSE jsonb_path_query_array(problems || $8::jsonb, '$[0 to 999]') END
		WHERE id = $1 AND status = 'running' AND rows < $2`,
		run, step.Upto, result.Added, result.Unchanged, result.Updated, step.Invalid, len(result.Conflicts), string(problems), casework.MaxRowErrors)
	if err != nil {
		return err
	}
	n, err := changed.RowsAffected()
	if err == nil && n == 0 {
		return casework.Errorf(casework.Conflict, "import %s is not running or is past row %d already", run, step.Upto).
			InChinese("导入 %s 未在进行，或第 %d 行之前的数据已经处理过", run, step.Upto).WithCode("import_step")
	}
	return err
}

// importColumns are read wherever an import run is.
const importColumns = `id, kind, file, sha256, mapping_sha256, status, dry_run, started_by, started_at, ended_at,
	rows, added, unchanged, updated, invalid, conflicts, resume_from`

// StartImport records that an import begins.
func (s *Store) StartImport(ctx context.Context, run casework.ImportRun) error {
	_, err := s.db.ExecContext(ctx, `
		INSERT INTO import_runs (id, kind, file, sha256, mapping_sha256, status, dry_run, started_by, started_at, resume_from)
		VALUES ($1, $2, $3, $4, $5, 'running', $6, $7, $8, $9)`,
		run.ID, run.Kind, run.File, run.SHA256, run.MappingSHA256, run.DryRun, string(run.StartedBy), run.StartedAt, run.ResumeFrom)
	return describe(err, "import "+run.ID)
}

// HoldImport has nobody else import the same file until it is released. The
// hold is the connection's own: it ends with this process, however that ends.
func (s *Store) HoldImport(ctx context.Context, kind, sha256 string) (release func() error, err error) {
	held, err := s.db.Connx(ctx)
	if err != nil {
		return nil, describe(err, "import")
	}
	name := "import " + kind + " " + sha256
	var free bool
	if err := held.GetContext(ctx, &free, `SELECT pg_try_advisory_lock(hashtextextended($1, 0))`, name); err != nil {
		return nil, errors.Join(describe(err, "import"), held.Close())
	}
	if !free {
		return nil, errors.Join(casework.Errorf(casework.Busy, "this file is being imported right now; look at its import and wait").
			InChinese("该文件正在导入中，请等待其完成").WithCode("import_running"), held.Close())
	}
	return func() error {
		_, err := held.ExecContext(context.WithoutCancel(ctx), `SELECT pg_advisory_unlock(hashtextextended($1, 0))`, name)
		return errors.Join(describe(err, "import"), held.Close())
	}, nil
}

// ResumeImport takes up an interrupted import, or one whose program died
// while it ran, and gives it as it stands: Rows are done.
func (s *Store) ResumeImport(ctx context.Context, id string) (casework.ImportRun, error) {
	changed, err := s.db.ExecContext(ctx, `
		UPDATE import_runs SET status = 'running', resume_from = rows, ended_at = NULL
		WHERE id = $1 AND status IN ('running', 'interrupted')`, id)
	if err != nil {
		return casework.ImportRun{}, describe(err, "import "+id)
	}
	if n, err := changed.RowsAffected(); err != nil || n == 0 {
		run, found := s.Import(ctx, id)
		if found != nil {
			return run, found
		}
		return run, casework.Errorf(casework.Conflict, "import %s has ended as %s and cannot be resumed", id, run.Status).
			InChinese("导入 %s 已经结束，不能继续", id).Because(err)
	}
	return s.Import(ctx, id)
}

// EndImport records how an import ended: done, refused or interrupted.
// Problems that no step has recorded, such as those of a file that was
// refused as a whole, may come with it.
func (s *Store) EndImport(ctx context.Context, id, status string, at time.Time, problems []casework.RowError) error {
	data, err := json.Marshal(append([]casework.RowError{}, problems...))
	if err != nil {
		return describe(err, "import "+id)
	}
	changed, err := s.db.ExecContext(ctx, `
		UPDATE import_runs
		SET status = $2, ended_at = $3, problems = jsonb_path_query_array(problems || $4::jsonb, '$[0 to 999]')
		WHERE id = $1 AND status = 'running'`, id, status, at, string(data))
	if err != nil {
		return describe(err, "import "+id)
	}
	if n, err := changed.RowsAffected(); err != nil || n == 0 {
		return casework.Errorf(casework.Conflict, "import %s is not running", id).InChinese("导入 %s 未在进行", id).Because(err)
	}
	return nil
}

// SetImportCounts records the counts of a run that adds no batches: a dry run,
// or one of a file that is refused whole.
func (s *Store) SetImportCounts(ctx context.Context, run casework.ImportRun) error {
	_, err := s.db.ExecContext(ctx, `
		UPDATE import_runs SET rows = $2, added = $3, unchanged = $4, updated = $5, invalid = $6, conflicts = $7
		WHERE id = $1 AND rows = 0 AND status = 'running'`,
		run.ID, run.Rows, run.Added, run.Unchanged, run.Updated, run.Invalid, run.Conflicts)
	return describe(err, "import "+run.ID)
}

// Import is one import run with its row errors.
func (s *Store) Import(ctx context.Context, id string) (casework.ImportRun, error) {
	return s.oneImport(ctx, "import "+id, `SELECT `+importColumns+`, problems FROM import_runs WHERE id = $1`, id)
}

// UnfinishedImport is the latest run of the same file that was not finished,
// so that it can be resumed.
func (s *Store) UnfinishedImport(ctx context.Context, kind, sha256 string) (casework.ImportRun, error) {
	return s.oneImport(ctx, "unfinished import of this file", `
		SELECT `+importColumns+`, problems FROM import_runs
		WHERE kind = $1 AND sha256 = $2 AND NOT dry_run AND status IN ('running', 'interrupted')
		ORDER BY started_at DESC, id DESC LIMIT 1`, kind, sha256)
}

func (s *Store) oneImport(ctx context.Context, what, query string, args ...any) (casework.ImportRun, error) {
	var row importRow
	if err := s.db.GetContext(ctx, &row, query, args...); err != nil {
		return casework.ImportRun{}, describe(err, what)
	}
	return row.run()
}

type importRow struct {
	casework.ImportRun
	Problems []byte
	Cursor   string
}

func (r *importRow) run() (casework.ImportRun, error) {
	run := r.ImportRun
	if r.Problems == nil {
		return run, nil
	}
	err := json.Unmarshal(r.Problems, &run.Problems)
	return run, describe(err, "problems of import "+run.ID)
}

var importOrders = map[string]order{
	"": {keys: []key{{"started_at", "timestamptz"}, {"id", "text"}}, desc: true},
}

// Imports is a page of import runs, the latest first, without row errors.
func (s *Store) Imports(ctx context.Context, request casework.PageRequest) (casework.Listing[casework.ImportRun], error) {
	var c conditions
	p, err := paged(&c, request, importOrders)
	if err != nil {
		return casework.Listing[casework.ImportRun]{}, err
	}
	var rows []importRow
	if err := s.db.SelectContext(ctx, &rows, `SELECT `+importColumns+`, `+p.cursorColumn()+` FROM import_runs`+c.where()+p.orderLimit(), c.args...); err != nil {
		return casework.Listing[casework.ImportRun]{}, describe(err, "imports")
	}
	return listing(p, request, rows, func(r *importRow) string { return r.Cursor }, (*importRow).run)
}
