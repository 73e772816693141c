package importing

import (
	"encoding/json"
	"hash/maphash"

	"xiaobao/casework"
)

// repeats finds touchpoints of one file that have the same id and other
// content: of these only the first would be taken in.
type repeats struct {
	seed maphash.Seed
	seen map[string]uint64 // by id, what a touchpoint says
}

func newRepeats() *repeats {
	return &repeats{seed: maphash.MakeSeed(), seen: map[string]uint64{}}
}

// clashes reports whether the touchpoint has the id of an earlier one that
// says something else. Beyond MaxRepeatsKnown ids it knows none further.
func (r *repeats) clashes(t casework.Touchpoint) (bool, error) {
	t.OccurredAt = t.OccurredAt.UTC() // the same moment in another zone is no other content
	text, err := json.Marshal(t)
	if err != nil {
		return false, err
	}
	sum := maphash.Bytes(r.seed, text)
	before, known := r.seen[t.ID]
	if !known && len(r.seen) < casework.MaxRepeatsKnown {
		r.seen[t.ID] = sum
	}
	return known && before != sum, nil
}

// repeated is the problem of the row just read if the file says otherwise of
// its id before; nil if not, or if the kind may be updated.
func (j *job) repeated(r *repeats, t taker) (*casework.RowError, error) {
	held, ok := t.(*batch[casework.Touchpoint])
	if !ok || !j.DryRun {
		return nil, nil
	}
	clash, err := r.clashes(held.records[0])
	if err != nil || !clash {
		return nil, err
	}
	return problem(held.rowOf(0), j.mapping.column("id"), classConflict, "an earlier row of this file has the same id and other content; only that one would be taken in",
		"文件中前面的行已有相同编号但内容不同，只会导入前面那一行", "give the row an id of its own, or leave it out", "请为该行使用新的编号，或去掉该行"), nil
}
