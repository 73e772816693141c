package store

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"xiaobao/casework"
)

// A draw is the population of an inspection as recorded.
type draw struct {
	inspection string
	scope      casework.Scope
	orgs       []string // the units and all below them at the time; nil: all
	highWater  int64
	sampled    bool
	live       bool // not recorded: the scope as it is now
}

// population narrows touchpoints t to the draw's scope and high-water mark.
// Of a sampled draw that is what the sample was taken from.
func (d draw) population(c *conditions) {
	scope := d.scope
	if !d.live {
		scope.Orgs = nil // resolved when it was drawn
	}
	scoped(c, scope)
	if d.orgs != nil {
		c.and("t.org_id = ANY(?)", pq.StringArray(d.orgs))
	}
	c.and("t.seq <= ?", d.highWater)
}

// DrawScope takes the population of an inspection at this moment and records
// it: how many touchpoints, a digest of their ids, and the chunks to test one
// by one. Drawn before, it gives what was drawn then, whatever came in since.
func (s *Store) DrawScope(ctx context.Context, inspection string, scope casework.Scope, plan casework.ChunkPlan) (casework.Drawing, error) {
	highWater, err := s.highWater(ctx)
	if err != nil {
		return casework.Drawing{}, err
	}
	err = s.inTx(ctx, func(tx *sqlx.Tx) error {
		if err := openInspection(ctx, tx, inspection); err != nil {
			return err
		}
		d := draw{inspection: inspection, scope: scope, highWater: highWater, sampled: scope.Sample > 0}
		first, err := d.claim(ctx, tx)
		if err != nil || !first {
			return err
		}
		return d.take(ctx, tx, cutter{most: max(1, plan.Most), size: max(1, plan.Least)})
	})
	if err != nil {
		return casework.Drawing{}, describe(err, "draw of inspection "+inspection)
	}
	return s.drawing(ctx, inspection)
}

// highWater is the ingest sequence up to which all touchpoints are on file.
// Numbers are given out before their batches commit, so it waits for the
// batches that are under way; they, and no others, hold the lock.
func (s *Store) highWater(ctx context.Context) (int64, error) {
	var mark int64
	err := s.inTx(ctx, func(tx *sqlx.Tx) error {
		if _, err := tx.ExecContext(ctx, `SELECT pg_advisory_xact_lock($1)`, ingestLock); err != nil {
			return err
		}
		return tx.GetContext(ctx, &mark, `SELECT CASE WHEN is_called THEN last_value ELSE 0 END FROM touchpoints_seq_seq`)
	})
	return mark, describe(err, "high-water mark")
}

// claim puts the draw on file for this transaction to fill. It says no if it
// is there; if another attempt is at it, it waits for that one.
func (d *draw) claim(ctx context.Context, tx *sqlx.Tx) (bool, error) {
	scope, err := json.Marshal(d.scope)
	if err != nil {
		return false, err
	}
	if len(d.scope.Orgs) > 0 {
		if err := tx.GetContext(ctx, (*pq.StringArray)(&d.orgs), `
			SELECT ARRAY(SELECT id FROM orgs WHERE path && $1 UNION SELECT unnest($1) ORDER BY 1)`, pq.StringArray(d.scope.Orgs)); err != nil {
			return false, err
		}
	}
	claimed, err := tx.ExecContext(ctx, `
		INSERT INTO inspection_draws (inspection, scope, orgs, high_water, touchpoints, digest, sampled)
		VALUES ($1, $2, $3, $4, 0, '', $5)
		ON CONFLICT (inspection) DO NOTHING`, d.inspection, string(scope), pq.StringArray(d.orgs), d.highWater, d.sampled)
	if err != nil {
		return false, err
	}
	n, err := claimed.RowsAffected()
	return n == 1, err
}

// take reads the population once, in order, and records figures and chunks.
func (d *draw) take(ctx context.Context, tx *sqlx.Tx, cut cutter) error {
	query, args := `SELECT ordinal, touchpoint FROM inspection_samples WHERE inspection = $1 ORDER BY ordinal`, []any{d.inspection}
	if d.sampled {
		if err := d.sample(ctx, tx); err != nil {
			return err
		}
	} else {
		var c conditions
		d.population(&c)
		query, args = `SELECT t.seq, t.id FROM touchpoints t`+c.where()+` ORDER BY t.seq`, c.args
	}
	rows, err := tx.QueryContext(ctx, query, args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	digest := sha256.New()
	for rows.Next() {
		var position int64
		var id string
		if err := rows.Scan(&position, &id); err != nil {
			return err
		}
		io.WriteString(digest, id+"\n") // a hash never fails
		cut.add(position)
	}
	if err := rows.Err(); err != nil {
		return err
	}
	return d.record(ctx, tx, cut.finish(), hex.EncodeToString(digest.Sum(nil)))
}

// sample draws by the order of a hash of seed and id: the same seed draws the
// same touchpoints from the same population, on any server.
func (d *draw) sample(ctx context.Context, tx *sqlx.Tx) error {
	var c conditions
	d.population(&c)
	head := c.numbered(`
		INSERT INTO inspection_samples (inspection, ordinal, touchpoint, occurred_at)
		SELECT ?, row_number() OVER (ORDER BY lot, id), id, occurred_at
		FROM (SELECT t.id, t.occurred_at, md5(?::bigint || ':' || t.id) COLLATE "C" AS lot
			FROM touchpoints t`, d.inspection, d.scope.Seed)
	tail := c.numbered(` ORDER BY lot, t.id LIMIT ?) drawn`, d.scope.Sample)
	_, err := tx.ExecContext(ctx, head+c.where()+tail, c.args...)
	return err
}

func (d *draw) record(ctx context.Context, tx *sqlx.Tx, chunks []casework.Chunk, digest string) error {
	total := 0
	after, upto, counts := make(pq.Int64Array, len(chunks)), make(pq.Int64Array, len(chunks)), make(pq.Int64Array, len(chunks))
	for i, chunk := range chunks {
		after[i], upto[i], counts[i] = chunk.After, chunk.Upto, int64(chunk.Count)
		total += chunk.Count
	}
	if _, err := tx.ExecContext(ctx, `
		INSERT INTO inspection_chunks (inspection, no, after, upto, count, position)
		SELECT $1, c.no, c.after, c.upto, c.count, c.after
		FROM unnest($2::bigint[], $3::bigint[], $4::bigint[]) WITH ORDINALITY AS c (after, upto, count, no)`,
		d.inspection, after, upto, counts); err != nil {
		return err
	}
	_, err := tx.ExecContext(ctx, `UPDATE inspection_draws SET touchpoints = $2, digest = $3 WHERE inspection = $1`, d.inspection, total, digest)
	return err
}

// A cutter cuts a stream of ascending positions into at most so many chunks
// of equal size, without knowing beforehand how many will come: when there
// are too many chunks, neighbours join and the size doubles.
type cutter struct {
	most, size, count int
	after, last       int64
	chunks            []casework.Chunk
}

func (c *cutter) add(position int64) {
	c.last = position
	if c.count++; c.count == c.size {
		c.cut()
	}
}

func (c *cutter) cut() {
	if len(c.chunks) == c.most {
		c.join()
		if c.count < c.size {
			return // the chunk under way goes on to the new size
		}
	}
	c.chunks = append(c.chunks, casework.Chunk{After: c.after, Upto: c.last, Count: c.count})
	c.after, c.count = c.last, 0
}

// join halves the number of chunks. A last one without a neighbour becomes
// part of the chunk under way.
func (c *cutter) join() {
	var joined []casework.Chunk
	for i := 0; i+1 < len(c.chunks); i += 2 {
		a, b := c.chunks[i], c.chunks[i+1]
		joined = append(joined, casework.Chunk{After: a.After, Upto: b.Upto, Count: a.Count + b.Count})
	}
	if len(c.chunks)%2 == 1 {
		odd := c.chunks[len(c.chunks)-1]
		c.after, c.count = odd.After, c.count+odd.Count
	}
	c.chunks = joined
	c.size *= 2
}

func (c *cutter) finish() []casework.Chunk {
	for c.count > 0 {
		c.cut()
		if c.count > 0 { // joined only; what is under way is the last chunk however small
			c.chunks = append(c.chunks, casework.Chunk{After: c.after, Upto: c.last, Count: c.count})
			c.count = 0
		}
	}
	return c.chunks
}

// drawing is the draw of an inspection as recorded.
func (s *Store) drawing(ctx context.Context, inspection string) (casework.Drawing, error) {
	var d casework.Drawing
	what := "draw of inspection " + inspection
	if err := s.db.GetContext(ctx, &d, `SELECT touchpoints, digest FROM inspection_draws WHERE inspection = $1`, inspection); err != nil {
		return d, describe(err, what)
	}
	err := s.db.SelectContext(ctx, &d.Chunks, `
		SELECT k.no, k.after, k.upto, k.count, d.sampled
		FROM inspection_chunks k JOIN inspection_draws d ON d.inspection = k.inspection
		WHERE k.inspection = $1 ORDER BY k.no`, inspection)
	return d, describe(err, what)
}

// recorded reads what was drawn for an inspection.
func (s *Store) recorded(ctx context.Context, inspection string) (draw, error) {
	var row struct {
		Scope     []byte
		Orgs      pq.StringArray
		HighWater int64
		Sampled   bool
	}
	d := draw{inspection: inspection}
	err := s.db.GetContext(ctx, &row, `SELECT scope, orgs, high_water, sampled FROM inspection_draws WHERE inspection = $1`, inspection)
	if err == nil {
		err = json.Unmarshal(row.Scope, &d.scope)
	}
	d.orgs, d.highWater, d.sampled = row.Orgs, row.HighWater, row.Sampled
	return d, describe(err, "draw of inspection "+inspection)
}
