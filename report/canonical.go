package report

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"

	"xiaobao/casework"
	"xiaobao/rulebook"
)

// A Canon writes reports in their canonical form, which is what is hashed and
// kept when a report is confirmed.
type Canon struct {
	Records interface {
		Records
		Findings(ctx context.Context, f casework.FindingFilter, p casework.PageRequest) (casework.Listing[casework.Finding], error)
	}
	Book *rulebook.Book
}

// canonicalReport is a report with a seal over its findings: their number, and
// the SHA-256 of each one's JSON by when they happened and by id, each followed by a
// line feed. Whoever has the findings can prove that they are the ones.
type canonicalReport struct {
	Report
	Findings int    `json:"findings"`
	Seal     string `json:"findings_sha256"`
}

// Canonical is the report of an inspection in its canonical form. The same
// records give the same bytes.
func (c Canon) Canonical(ctx context.Context, inspection string) ([]byte, error) {
	r, err := Make(ctx, c.Records, c.Book, inspection)
	if err != nil {
		return nil, err
	}
	r.Signatures.Hash, r.Inspection.ReportHash = "", "" // they come of these very bytes
	sealed := canonicalReport{Report: r}
	if sealed.Seal, sealed.Findings, err = c.seal(ctx, inspection); err != nil {
		return nil, err
	}
	return json.Marshal(sealed)
}

func (c Canon) seal(ctx context.Context, inspection string) (string, int, error) {
	h, n := sha256.New(), 0
	request := casework.PageRequest{Limit: 500, Sort: "occurred_at"}
	for {
		page, err := c.Records.Findings(ctx, casework.FindingFilter{Inspection: inspection}, request)
		if err != nil {
			return "", 0, err
		}
		for _, f := range page.Rows {
			line, err := json.Marshal(f)
			if err != nil {
				return "", 0, err
			}
			h.Write(append(line, '\n')) // a hash never fails
			n++
		}
		if page.Next == "" {
			return hex.EncodeToString(h.Sum(nil)), n, nil
		}
		request.After = page.Next
	}
}
