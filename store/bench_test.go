package store_test

import (
	"database/sql"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"xiaobao/casework"
	"xiaobao/store"
	"xiaobao/store/storetest"
)

// bulk makes a batch as files have them: calls of some 400 characters over
// two months, in order of time.
func bulk(n, from int) []casework.Touchpoint {
	random := rand.New(rand.NewPCG(1, uint64(from)))
	words := strings.Repeat("坐席：您好，这里是某某银行，您名下的贷款需要按期归还，请问您什么时候方便处理？\n客户：我这两天就处理。\n", 3)
	batch := make([]casework.Touchpoint, n)
	for i := range batch {
		k := from + i
		batch[i] = casework.Touchpoint{
			ID: fmt.Sprintf("tp-%010d", k), Channel: casework.Channels()[random.IntN(8)],
			OccurredAt: noon.Add(time.Duration(k) * 5 * time.Second), CustomerID: fmt.Sprintf("c%06d", random.IntN(200_000)),
			AgentID: fmt.Sprintf("a%04d", random.IntN(2000)), OrgID: fmt.Sprintf("branch%02d", random.IntN(40)), Product: "cash_loan",
			Text: words + fmt.Sprint(k), Attributes: map[string]any{"direction": "outbound", "duration_seconds": random.IntN(600)},
		}
	}
	return batch
}

// BenchmarkAddTouchpoints reports rows a second, and what share that is of a
// raw COPY of the same rows: into a table with the same indexes, and into one
// that has neither keys nor indexes.
func BenchmarkAddTouchpoints(b *testing.B) {
	const rows, batchRows = 100_000, 10_000
	for b.Loop() {
		address := storetest.URL(b)
		s := have[*store.Store](b)(store.Open(b.Context(), address))
		var batches [][]casework.Touchpoint
		for from := 0; from < rows; from += batchRows {
			batches = append(batches, bulk(batchRows, from))
		}
		start := time.Now()
		for _, batch := range batches {
			have[casework.BatchResult](b)(s.AddTouchpoints(b.Context(), "", batch))
		}
		ours := time.Since(start)
		indexed := copyRaw(b, address, batches, `
			CREATE TABLE raw (LIKE touchpoints INCLUDING ALL);
			ALTER TABLE raw ADD CONSTRAINT raw_id UNIQUE (id)`)
		bare := copyRaw(b, address, batches, `DROP TABLE IF EXISTS raw; CREATE TABLE raw (LIKE touchpoints)`)
		b.ReportMetric(rows/ours.Seconds(), "rows/s")
		b.ReportMetric(rows/indexed.Seconds(), "copy_rows/s")
		b.ReportMetric(rows/bare.Seconds(), "bare_copy_rows/s")
		b.ReportMetric(indexed.Seconds()/ours.Seconds(), "of_copy")
		b.ReportMetric(bare.Seconds()/ours.Seconds(), "of_bare_copy")
		must(b, s.Close())
	}
}

func copyRaw(b *testing.B, address string, batches [][]casework.Touchpoint, table string) time.Duration {
	b.Helper()
	db := have[*sql.DB](b)(sql.Open("postgres", address))
	defer db.Close()
	have[sql.Result](b)(db.ExecContext(b.Context(), table))
	start := time.Now()
	for _, batch := range batches {
		tx := have[*sql.Tx](b)(db.BeginTx(b.Context(), nil))
		into := have[*sql.Stmt](b)(tx.PrepareContext(b.Context(), `COPY raw (seq, id, occurred_at, channel, customer_id, agent_id, org_id, product, speaker, text, attributes, import_id) FROM STDIN`))
		for i := range batch {
			t := &batch[i]
			have[sql.Result](b)(into.ExecContext(b.Context(), i, t.ID, t.OccurredAt, string(t.Channel), t.CustomerID, t.AgentID, t.OrgID,
				t.Product, "", t.Text, fmt.Sprintf(`{"direction": "outbound", "duration_seconds": %v}`, t.Attributes["duration_seconds"]), ""))
		}
		have[sql.Result](b)(into.ExecContext(b.Context()))
		must(b, into.Close())
		must(b, tx.Commit())
	}
	return time.Since(start)
}
