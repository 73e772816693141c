package casework

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"
	"time"
)

// An InspectionStatus is where an inspection (检查) stands. Its life:
//
//	ordered → drawing → testing → adjudicating → confirming → reported
//	                  ↘ void      ↖ returned ────┘
//	any of the first five → cancelled
type InspectionStatus string

// The statuses of an inspection.
const (
	InspectionOrdered      InspectionStatus = "ordered"      // 已下达
	InspectionDrawing      InspectionStatus = "drawing"      // 抽取范围
	InspectionTesting      InspectionStatus = "testing"      // 自动测试中
	InspectionAdjudicating InspectionStatus = "adjudicating" // 待认定: officers decide, respondents answer
	InspectionConfirming   InspectionStatus = "confirming"   // 待复核: a second person confirms the report
	InspectionReported     InspectionStatus = "reported"     // 已出报告
	InspectionVoid         InspectionStatus = "void"         // 范围为空: there was nothing to inspect
	InspectionCancelled    InspectionStatus = "cancelled"    // 已取消
)

var inspectionStatusNames = map[InspectionStatus][2]string{
	InspectionOrdered:      {"已下达", "Ordered"},
	InspectionDrawing:      {"抽取范围", "Drawing the scope"},
	InspectionTesting:      {"自动测试中", "Testing"},
	InspectionAdjudicating: {"待认定", "Awaiting decisions"},
	InspectionConfirming:   {"待复核", "Awaiting confirmation"},
	InspectionReported:     {"已出报告", "Reported"},
	InspectionVoid:         {"范围为空", "Nothing in scope"},
	InspectionCancelled:    {"已取消", "Cancelled"},
}

// InspectionStatuses are all statuses in the order of life.
func InspectionStatuses() []InspectionStatus {
	return []InspectionStatus{
		InspectionOrdered, InspectionDrawing, InspectionTesting, InspectionAdjudicating,
		InspectionConfirming, InspectionReported, InspectionVoid, InspectionCancelled,
	}
}

// Final reports whether nothing more will happen.
func (s InspectionStatus) Final() bool {
	return s == InspectionReported || s == InspectionVoid || s == InspectionCancelled
}

// Chinese is the name officers see.
func (s InspectionStatus) Chinese() string { return named(inspectionStatusNames, s, 0) }

// English is the name in the English console.
func (s InspectionStatus) English() string { return named(inspectionStatusNames, s, 1) }

// A Scope says which touchpoints an inspection looks at. Empty lists mean all.
type Scope struct {
	From     time.Time `json:"from"` // inclusive
	To       time.Time `json:"to"`   // exclusive
	Channels []Channel `json:"channels,omitempty"`
	Orgs     []string  `json:"orgs,omitempty"` // each with all units below it
	Products []string  `json:"products,omitempty"`
	Agents   []string  `json:"agents,omitempty"`
	Sample   int       `json:"sample,omitempty"` // 0: full coverage
	Seed     int64     `json:"seed,omitempty"`   // of the sample; the same seed draws the same touchpoints
}

// MaxSample bounds a sample; who wants more takes full coverage.
const MaxSample = 1_000_000

// Check refuses a scope that cannot be drawn.
func (s Scope) Check() error {
	switch {
	case s.From.IsZero() || s.To.IsZero():
		return Errorf(Invalid, "the period needs a first and a last day").InChinese("请填写检查期间的起止日期").WithCode("field:period")
	case !s.From.Before(s.To):
		return Errorf(Invalid, "the period ends before it begins").InChinese("检查期间的结束日期早于开始日期").WithCode("field:period")
	case s.To.Sub(s.From) > 10*366*24*time.Hour:
		return Errorf(Invalid, "the period is longer than ten years").InChinese("检查期间超过十年").WithCode("field:period")
	case s.Sample < 0 || s.Sample > MaxSample:
		return Errorf(Invalid, "a sample has 1 to 1,000,000 touchpoints").InChinese("抽样数量应在 1 到 1,000,000 之间").WithCode("field:sample")
	}
	for _, c := range s.Channels {
		if !c.Known() {
			return Errorf(Invalid, "there is no channel %q", string(c)).InChinese("没有名为“%s”的渠道", string(c)).WithCode("field:channels")
		}
	}
	return nil
}

// A Method is how a checklist item is tested.
type Method string

// The methods.
const (
	ByIndicators Method = "rule"  // the touchpoints in scope are screened for the item's indicators
	ByQuery      Method = "query" // a named query over the records
	ByAsking     Method = "ask"   // a question to a named respondent
)

// An ItemOutcome is what came of one checklist item.
type ItemOutcome string

// The outcomes of an item. An item that could not be tested, or whose
// question nobody answered, has not passed.
const (
	ItemWaiting       ItemOutcome = "waiting"        // 未完成
	ItemPassed        ItemOutcome = "passed"         // 符合
	ItemFailed        ItemOutcome = "failed"         // 不符合
	ItemNotApplicable ItemOutcome = "not_applicable" // 不适用
	ItemNotRun        ItemOutcome = "not_run"        // 未测试
	ItemUnanswered    ItemOutcome = "unanswered"     // 未答复
)

var itemOutcomeNames = map[ItemOutcome][2]string{
	ItemWaiting:       {"未完成", "Waiting"},
	ItemPassed:        {"符合", "Passed"},
	ItemFailed:        {"不符合", "Failed"},
	ItemNotApplicable: {"不适用", "Not applicable"},
	ItemNotRun:        {"未测试", "Not run"},
	ItemUnanswered:    {"未答复", "Unanswered"},
}

// Chinese is the name officers see.
func (o ItemOutcome) Chinese() string { return named(itemOutcomeNames, o, 0) }

// English is the name in the English console.
func (o ItemOutcome) English() string { return named(itemOutcomeNames, o, 1) }

// A FindingStatus is where a finding (问题) stands:
// candidate → confirmed | dismissed | merged.
type FindingStatus string

// The statuses of a finding.
const (
	FindingCandidate FindingStatus = "candidate" // 待认定
	FindingConfirmed FindingStatus = "confirmed" // 已确认
	FindingDismissed FindingStatus = "dismissed" // 已排除
	FindingMerged    FindingStatus = "merged"    // 已合并
)

var findingStatusNames = map[FindingStatus][2]string{
	FindingCandidate: {"待认定", "Candidate"},
	FindingConfirmed: {"已确认", "Confirmed"},
	FindingDismissed: {"已排除", "Dismissed"},
	FindingMerged:    {"已合并", "Merged"},
}

// FindingStatuses are all statuses of a finding.
func FindingStatuses() []FindingStatus {
	return []FindingStatus{FindingCandidate, FindingConfirmed, FindingDismissed, FindingMerged}
}

// Chinese is the name officers see.
func (s FindingStatus) Chinese() string { return named(findingStatusNames, s, 0) }

// English is the name in the English console.
func (s FindingStatus) English() string { return named(findingStatusNames, s, 1) }

// A Finding is one breach that an inspection saw, with its proof.
type Finding struct {
	ID         string         `json:"id"`
	Inspection string         `json:"inspection"`
	Item       string         `json:"item"`
	Indicator  string         `json:"indicator"` // or the query's name
	Title      string         `json:"title"`
	Touchpoint string         `json:"touchpoint"`
	Channel    Channel        `json:"channel"`
	OccurredAt time.Time      `json:"occurred_at"`
	OrgID      string         `json:"org_id,omitempty"`
	AgentID    string         `json:"agent_id,omitempty"`
	CustomerID string         `json:"customer_id,omitempty"`
	Product    string         `json:"product,omitempty"`
	Level      Level          `json:"level"`
	Engine     Engine         `json:"engine"`
	Version    string         `json:"version"`
	Certainty  float64        `json:"certainty"`
	Basis      []string       `json:"basis"`
	Evidence   []Evidence     `json:"evidence"`
	Facts      map[string]any `json:"facts,omitempty"` // what a query or condition saw: figures, times and codes, no words
	Status     FindingStatus  `json:"status"`
	DecidedBy  Actor          `json:"decided_by,omitempty"`
	DecidedAt  *time.Time     `json:"decided_at,omitempty"`
	Reason     DismissReason  `json:"reason,omitempty"`
	Note       string         `json:"note,omitempty"`
	MergedInto string         `json:"merged_into,omitempty"`
}

// SameMatter reports whether two findings are of one matter, so that one may
// be merged into the other: seen in the same touchpoint, or done to the same
// customer by the same agent.
func (f Finding) SameMatter(other Finding) bool {
	return f.Touchpoint != "" && f.Touchpoint == other.Touchpoint ||
		f.CustomerID != "" && f.AgentID != "" && f.CustomerID == other.CustomerID && f.AgentID == other.AgentID
}

// FindingID derives a finding's id from what it says, so that a repeated
// attempt finds the same finding again.
func FindingID(inspection, item, indicator, touchpoint string) string {
	sum := sha256.Sum256([]byte(strings.Join([]string{inspection, item, indicator, touchpoint}, "\x00")))
	return "f-" + hex.EncodeToString(sum[:10])
}

// A Verdict is what an officer makes of a finding.
type Verdict string

// The verdicts.
const (
	Confirm Verdict = "confirm" // 确认
	Dismiss Verdict = "dismiss" // 排除
	Merge   Verdict = "merge"   // 合并
)

// A DismissReason is why a finding does not stand.
type DismissReason string

// The reasons.
const (
	FalseHit       DismissReason = "false_hit"       // 误报: the words do not say that
	LawfulContext  DismissReason = "lawful_context"  // 语境合规
	NotOurs        DismissReason = "not_ours"        // 非本机构行为
	NoEvidence     DismissReason = "no_evidence"     // 证据不足
	AlreadyHandled DismissReason = "already_handled" // 已另案处理
	OtherReason    DismissReason = "other"           // 其他: needs a note
)

var dismissReasonNames = map[DismissReason][2]string{
	FalseHit:       {"误报", "False hit"},
	LawfulContext:  {"语境合规", "Lawful in context"},
	NotOurs:        {"非本机构行为", "Not our conduct"},
	NoEvidence:     {"证据不足", "Not enough evidence"},
	AlreadyHandled: {"已另案处理", "Handled elsewhere"},
	OtherReason:    {"其他（请说明）", "Other (say which)"},
}

// DismissReasons are all reasons.
func DismissReasons() []DismissReason {
	return []DismissReason{FalseHit, LawfulContext, NotOurs, NoEvidence, AlreadyHandled, OtherReason}
}

// Chinese is the name officers see.
func (r DismissReason) Chinese() string { return named(dismissReasonNames, r, 0) }

// English is the name in the English console.
func (r DismissReason) English() string { return named(dismissReasonNames, r, 1) }

// MaxFindingsAtOnce bounds one decision, so that a request stays small.
const MaxFindingsAtOnce = 500

// CheckVerdict refuses a verdict that lacks what it needs. HasNote says
// whether a note is on file; the note itself stays out of histories.
func CheckVerdict(v Verdict, findings []string, reason DismissReason, mergeInto string, hasNote bool) error {
	switch {
	case len(findings) == 0:
		return Errorf(Invalid, "choose at least one finding").InChinese("请至少选择一条问题").WithCode("field:findings")
	case len(findings) > MaxFindingsAtOnce:
		return Errorf(Invalid, "decide at most %d findings at once", MaxFindingsAtOnce).InChinese("一次最多认定 %d 条问题", MaxFindingsAtOnce).WithCode("field:findings")
	}
	switch v {
	case Confirm:
		return nil
	case Dismiss:
		switch {
		case !slices.Contains(DismissReasons(), reason):
			return Errorf(Invalid, "dismissing needs a reason").InChinese("排除问题需要选择理由").WithCode("field:reason")
		case reason == OtherReason && !hasNote:
			return Errorf(Invalid, "the reason \"other\" needs a note").InChinese("理由选“其他”时请填写说明").WithCode("field:note")
		}
		return nil
	case Merge:
		switch {
		case mergeInto == "":
			return Errorf(Invalid, "say which finding to merge into").InChinese("请选择要并入的问题").WithCode("field:merge_into")
		case slices.Contains(findings, mergeInto):
			return Errorf(Invalid, "a finding cannot be merged into itself").InChinese("问题不能并入它自己").WithCode("field:merge_into")
		}
		return nil
	}
	return Errorf(Invalid, "there is no verdict %q", string(v)).InChinese("没有这种认定结果").WithCode("field:verdict")
}
