package store

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"hash"
	"maps"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"xiaobao/casework"
)

// MaxBatch bounds one call of AddTouchpoints, whose rows are in memory at once.
const MaxBatch = 50_000

// timeText is how times go into arrays and COPY, to the microsecond that the
// database keeps.
const timeText = "2006-01-02 15:04:05.000000Z07:00"

// A newTouchpoint is a touchpoint made ready for its row.
type newTouchpoint struct {
	*casework.Touchpoint
	index      int
	at         time.Time
	text       string
	turns      any    // JSON text or nil
	attributes any    // JSON text or nil
	hash       string // first half of a SHA-256, hex
}

// AddTouchpoints adds a batch in one transaction. A touchpoint that is there
// already is counted and left alone; one with a known id and other content is
// named in Conflicts and nothing of it changes. Adding a batch twice is
// harmless.
func (s *Store) AddTouchpoints(ctx context.Context, importID string, batch []casework.Touchpoint) (casework.BatchResult, error) {
	return s.addTouchpoints(ctx, importID, nil, batch)
}

// ImportTouchpoints adds a batch like AddTouchpoints and records in the same
// transaction how far it brings the import run.
func (s *Store) ImportTouchpoints(ctx context.Context, importID string, step casework.ImportStep, batch []casework.Touchpoint) (casework.BatchResult, error) {
	return s.addTouchpoints(ctx, importID, &step, batch)
}

func (s *Store) addTouchpoints(ctx context.Context, importID string, step *casework.ImportStep, batch []casework.Touchpoint) (casework.BatchResult, error) {
	var result casework.BatchResult
	rows, err := ready(batch)
	if err != nil {
		return result, err
	}
	for _, row := range rows {
		if err := s.ensureMonth(ctx, monthOf(row.at)); err != nil {
			return result, err
		}
	}
	rows, repeated := withoutRepeats(rows)
	err = s.inTx(ctx, func(tx *sqlx.Tx) error {
		result = repeated
		if len(rows) > 0 {
			if err := insertTouchpoints(ctx, tx, importID, rows, &result); err != nil {
				return err
			}
		}
		slices.Sort(result.Conflicts)
		if step == nil {
			return nil
		}
		return recordStep(ctx, tx, importID, *step, len(batch), result)
	})
	if err != nil {
		return casework.BatchResult{}, describe(err, "touchpoints")
	}
	return result, nil
}

// insertTouchpoints writes keys first, which tells what is new, and then
// copies the new rows straight into their partitions, so that the texts are
// written once.
func insertTouchpoints(ctx context.Context, tx *sqlx.Tx, importID string, rows []newTouchpoint, result *casework.BatchResult) error {
	if _, err := tx.ExecContext(ctx, `SELECT pg_advisory_xact_lock_shared($1)`, ingestLock); err != nil {
		return err
	}
	claimed, err := insertKeys(ctx, tx, rows)
	if err != nil {
		return err
	}
	if claimed < len(rows) {
		if rows, err = onlyFresh(ctx, tx, rows, result); err != nil {
			return err
		}
	}
	result.Added += len(rows)
	if len(rows) == 0 {
		return nil
	}
	if err := insertProducts(ctx, tx, rows); err != nil {
		return err
	}
	return copyTouchpoints(ctx, tx, importID, rows)
}

// insertProducts notes the product codes that are new.
func insertProducts(ctx context.Context, tx *sqlx.Tx, rows []newTouchpoint) error {
	seen := map[string]bool{}
	for i := range rows {
		if rows[i].Product != "" {
			seen[rows[i].Product] = true
		}
	}
	if len(seen) == 0 {
		return nil
	}
	_, err := tx.ExecContext(ctx, `
		INSERT INTO products (product)
		SELECT p.product FROM unnest($1::text[]) AS p (product)
		WHERE NOT EXISTS (SELECT FROM products k WHERE k.product = p.product)
		ON CONFLICT (product) DO NOTHING`, pq.StringArray(slices.Sorted(maps.Keys(seen))))
	return err
}

// insertKeys claims the ids and counts those that were free.
func insertKeys(ctx context.Context, tx *sqlx.Tx, rows []newTouchpoint) (int, error) {
	ids, times, hashes := make(pq.StringArray, len(rows)), make(pq.StringArray, len(rows)), make(pq.StringArray, len(rows))
	for i := range rows {
		ids[i], times[i], hashes[i] = rows[i].ID, rows[i].at.Format(timeText), rows[i].hash
	}
	claimed, err := tx.ExecContext(ctx, `
		INSERT INTO touchpoint_keys (id, occurred_at, content_hash)
		SELECT * FROM unnest($1::text[], $2::timestamptz[], $3::uuid[])
		ON CONFLICT (id) DO NOTHING`, ids, times, hashes)
	if err != nil {
		return 0, err
	}
	n, err := claimed.RowsAffected()
	return int(n), err
}

// onlyFresh gives the rows whose ids this transaction has claimed, and sorts
// the others into repetitions and conflicts.
func onlyFresh(ctx context.Context, tx *sqlx.Tx, rows []newTouchpoint, result *casework.BatchResult) ([]newTouchpoint, error) {
	ids := make(pq.StringArray, len(rows))
	for i := range rows {
		ids[i] = rows[i].ID
	}
	var known []struct{ ID, ContentHash string }
	if err := tx.SelectContext(ctx, &known, `
		SELECT id, replace(content_hash::text, '-', '') AS content_hash
		FROM touchpoint_keys
		WHERE id = ANY($1) AND xmin <> pg_current_xact_id()::xid`, ids); err != nil {
		return nil, err
	}
	hashes := make(map[string]string, len(known))
	for _, k := range known {
		hashes[k.ID] = k.ContentHash
	}
	var fresh []newTouchpoint
	for i := range rows {
		switch hash, taken := hashes[rows[i].ID]; {
		case !taken:
			fresh = append(fresh, rows[i])
		case hash == rows[i].hash:
			result.Unchanged++
		default:
			result.Conflicts = append(result.Conflicts, rows[i].index)
		}
	}
	return fresh, nil
}

func copyTouchpoints(ctx context.Context, tx *sqlx.Tx, importID string, rows []newTouchpoint) error {
	into, err := tx.PrepareContext(ctx, `
		COPY touchpoints (id, occurred_at, channel, customer_id, agent_id, org_id, product, speaker,
			text, turns, attributes, import_id) FROM STDIN`)
	if err != nil {
		return err
	}
	for i := range rows {
		row := &rows[i]
		if _, err := into.ExecContext(ctx, row.ID, row.at, string(row.Channel), row.CustomerID, row.AgentID, row.OrgID,
			row.Product, string(row.Speaker), row.text, row.turns, row.attributes, importID); err != nil {
			return err
		}
	}
	if _, err := into.ExecContext(ctx); err != nil { // an empty row ends the copy and reports its errors
		return err
	}
	return into.Close()
}

// ready prepares rows and refuses what the database cannot hold, by index and
// field and never by value. Rows come back sorted by id, so that two batches
// that share ids claim them in the same order and do not block each other.
func ready(batch []casework.Touchpoint) ([]newTouchpoint, error) {
	if len(batch) > MaxBatch {
		return nil, casework.Errorf(casework.Invalid, "a batch has at most %d touchpoints", MaxBatch).InChinese("一批最多 %d 条触点", MaxBatch)
	}
	rows := make([]newTouchpoint, len(batch))
	for i := range batch {
		if err := rows[i].prepare(i, &batch[i]); err != nil {
			return nil, fmt.Errorf("touchpoint %d of the batch: %w", i, err)
		}
	}
	byID := func(a, b newTouchpoint) int { return strings.Compare(a.ID, b.ID) }
	if !slices.IsSortedFunc(rows, byID) { // files often are
		slices.SortStableFunc(rows, byID)
	}
	return rows, nil
}

func (n *newTouchpoint) prepare(index int, t *casework.Touchpoint) error {
	n.Touchpoint, n.index = t, index
	n.at, n.text = t.OccurredAt.UTC().Truncate(time.Microsecond), t.Content()
	if err := t.Check(time.Time{}); err != nil {
		return err
	}
	if year := n.at.In(casework.Beijing).Year(); year < firstYear || year > lastYear {
		return refuseField("occurred_at")
	}
	fields := []struct{ name, value string }{
		{"id", t.ID}, {"customer_id", t.CustomerID}, {"agent_id", t.AgentID}, {"org_id", t.OrgID}, {"product", t.Product}, // the text has been checked
	}
	for _, f := range fields {
		if !storable(f.value) {
			return refuseField(f.name)
		}
	}
	if len(t.Attributes) > 0 {
		data, err := json.Marshal(t.Attributes)
		// The escape of a NUL is sound JSON that the database refuses.
		if err != nil || strings.Contains(string(data), `\u0000`) {
			return refuseField("attributes")
		}
		n.attributes = string(data)
	}
	if len(t.Turns) > 0 {
		turns, err := turnsText(t.Turns)
		if err != nil { // a year beyond 9999
			return refuseField("turns.at")
		}
		n.turns = turns
	}
	n.sum()
	return nil
}

func storable(s string) bool { return !strings.ContainsRune(s, 0) && utf8.ValidString(s) }

func refuseField(field string) error {
	return casework.Errorf(casework.Invalid, "%s cannot be stored as it is", field).
		InChinese("字段 %s 的内容无法保存", field).WithCode("field:" + field)
}

// sum hashes what the touchpoint says, so that the same content gives the
// same hash whatever time zone or order of attributes it came in.
func (n *newTouchpoint) sum() {
	h := sha256.New()
	for _, part := range []string{
		n.ID, string(n.Channel), n.at.Format(timeText), n.CustomerID, n.AgentID, n.OrgID, n.Product, string(n.Speaker), n.text,
	} {
		writePart(h, part)
	}
	for _, part := range []any{n.turns, n.attributes} {
		text, _ := part.(string) // nil is as good as empty
		writePart(h, text)
	}
	n.hash = hex.EncodeToString(h.Sum(nil)[:16])
}

// writePart writes a text with its length before it, so that no two sequences
// of texts hash alike.
func writePart(h hash.Hash, text string) {
	var size [8]byte
	binary.BigEndian.PutUint64(size[:], uint64(len(text)))
	h.Write(size[:]) // a hash never fails
	h.Write([]byte(text))
}

// withoutRepeats takes out what the batch itself repeats: the first of each
// id stays.
func withoutRepeats(rows []newTouchpoint) ([]newTouchpoint, casework.BatchResult) {
	var result casework.BatchResult
	kept := rows[:0]
	for _, row := range rows {
		last := len(kept) - 1
		switch {
		case last < 0 || kept[last].ID != row.ID:
			kept = append(kept, row)
		case kept[last].hash == row.hash:
			result.Unchanged++
		default:
			result.Conflicts = append(result.Conflicts, row.index)
		}
	}
	return kept, result
}
