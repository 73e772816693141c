package sample_test

import (
	"encoding/json"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"xiaobao/casework"
	"xiaobao/rulebook"
	"xiaobao/sample"
)

var anchor = time.Date(2026, 11, 23, 15, 0, 0, 0, casework.Beijing)

func compose(t *testing.T) *sample.Institution {
	t.Helper()
	made, err := sample.Compose(anchor, 7)
	if err != nil {
		t.Fatal(err)
	}
	return made
}

func TestTheSameAnchorAndSeedComposeTheSame(t *testing.T) {
	t.Parallel()
	first, err := json.Marshal(compose(t))
	if err != nil {
		t.Fatal(err)
	}
	again, err := json.Marshal(compose(t))
	if err != nil {
		t.Fatal(err)
	}
	if string(first) != string(again) {
		t.Error("two compositions differ")
	}
	other, err := sample.Compose(anchor, 8)
	if err != nil {
		t.Fatal(err)
	}
	if text, err := json.Marshal(other); err != nil || string(text) == string(first) {
		t.Error("another seed composes the same", err)
	}
}

func TestTheInstitutionIsLargeEnoughToWorkWith(t *testing.T) {
	t.Parallel()
	made := compose(t)
	kinds := map[string]int{}
	for _, o := range made.Orgs {
		kinds[o.Kind]++
	}
	if kinds["head_office"] != 1 || kinds["vendor"] != 2 || kinds["partner"] != 3 {
		t.Errorf("units by kind: %v", kinds)
	}
	if len(made.Staff) < 75 || len(made.Staff) > 90 || len(made.Customers) != 1500 {
		t.Errorf("%d staff, %d customers", len(made.Staff), len(made.Customers))
	}
	channels := map[casework.Channel]int{}
	for i := range made.Touchpoints {
		channels[made.Touchpoints[i].Channel]++
	}
	want := map[casework.Channel]int{
		casework.TelemarketingCall: 1000, casework.ServiceCall: 1000, casework.ServiceChat: 1000, casework.CollectionCall: 900,
		casework.SMSPush: 1500, casework.PartnerPage: 200, casework.ComplaintChannel: 360, casework.SocialPost: 240,
	}
	for channel, n := range want {
		if channels[channel] != n {
			t.Errorf("%s has %d contacts, not %d", channel, channels[channel], n)
		}
	}
}

func TestUnitsFormOneTreeUnderTheHeadOffice(t *testing.T) {
	t.Parallel()
	made := compose(t)
	known := map[string]bool{}
	for i, o := range made.Orgs {
		if known[o.ID] || !slices.Contains(casework.OrgKinds(), o.Kind) {
			t.Errorf("unit %s is there twice, or of an unknown kind %q", o.ID, o.Kind)
		}
		if i > 0 && !known[o.ParentID] {
			t.Errorf("unit %s comes before its parent %q", o.ID, o.ParentID)
		}
		known[o.ID] = true
	}
	for _, s := range made.Staff {
		if !known[s.OrgID] {
			t.Errorf("staff %s works in no unit", s.ID)
		}
	}
}

var (
	slot  = regexp.MustCompile(`[{}]`)
	phone = regexp.MustCompile(`^1380000\d{4}$`)
)

func TestTouchpointsAreValidAndWithinTheirDays(t *testing.T) {
	t.Parallel()
	made := compose(t)
	staff, customers, ids := map[string]string{}, map[string]bool{}, map[string]bool{}
	for _, s := range made.Staff {
		staff[s.ID] = s.OrgID
	}
	for _, c := range made.Customers {
		customers[c.ID] = true
	}
	for i := range made.Touchpoints {
		p := &made.Touchpoints[i]
		if err := p.Check(anchor); err != nil {
			t.Errorf("%s: %v", p.ID, err)
		}
		if ids[p.ID] {
			t.Errorf("%s is there twice", p.ID)
		}
		ids[p.ID] = true
		if !p.OccurredAt.Before(made.Anchor) || p.OccurredAt.Before(made.Anchor.AddDate(0, 0, -90)) {
			t.Errorf("%s happened at %s", p.ID, p.OccurredAt)
		}
		if !customers[p.CustomerID] || p.AgentID != "" && staff[p.AgentID] != p.OrgID || p.OrgID == "" {
			t.Errorf("%s: customer %s, agent %s, unit %s", p.ID, p.CustomerID, p.AgentID, p.OrgID)
		}
		if slot.MatchString(p.Content()) || strings.TrimSpace(p.Content()) == "" {
			t.Errorf("%s has an open slot or no words: %.80s", p.ID, p.Content())
		}
		if n := len(p.Turns); n > 30 || n > 0 && n < 5 {
			t.Errorf("%s has %d turns", p.ID, n)
		}
	}
}

func TestPeopleAreComposedAndTheirPhonesBelongToNobody(t *testing.T) {
	t.Parallel()
	made := compose(t)
	phones, optedOut := map[string]bool{}, 0
	for _, c := range made.Customers {
		if !phone.MatchString(c.Phone) || phones[c.Phone] {
			t.Errorf("customer %s has the phone %s", c.ID, c.Phone)
		}
		phones[c.Phone] = true
		if n := len([]rune(c.Name)); n != 3 || c.Region == "" || c.BirthYear < 1940 || c.BirthYear > 2005 {
			t.Errorf("customer %s is not complete", c.ID)
		}
		if c.OptedOutAt != nil {
			optedOut++
		}
	}
	if optedOut < 60 || optedOut > 250 {
		t.Errorf("%d opted out", optedOut)
	}
}

func TestEveryPlantedIndicatorExistsAndAFewContactsInHundredHoldOne(t *testing.T) {
	t.Parallel()
	made := compose(t)
	book, err := rulebook.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	check := func(id, of string) {
		if _, ok := book.Indicator(id); !ok {
			t.Errorf("%s: the rulebook has no indicator %q", of, id)
		}
	}
	roles, indicators := map[string]int{}, map[string]bool{}
	for i, truth := range made.Truth {
		if truth.ID != made.Touchpoints[i].ID {
			t.Fatalf("truth %d is of %s", i, truth.ID)
		}
		roles[truth.Role]++
		if (truth.Role == sample.Planted) != (len(truth.Expected) > 0) || truth.Near != "" && truth.Role != sample.NearMiss {
			t.Errorf("%s is %s and expects %v", truth.ID, truth.Role, truth.Expected)
		}
		for _, id := range truth.Expected {
			indicators[id] = true
			check(id, truth.ID)
			if slices.Contains(truth.Acceptable, id) {
				t.Errorf("%s both expects and accepts %s", truth.ID, id)
			}
		}
		for _, id := range truth.Acceptable {
			check(id, truth.ID)
		}
		if truth.Near != "" {
			check(truth.Near, truth.ID)
		}
	}
	share := float64(roles[sample.Planted]) / float64(len(made.Truth))
	if share < 0.05 || share > 0.07 || roles[sample.NearMiss] < roles[sample.Planted] {
		t.Errorf("contacts by role: %v", roles)
	}
	if len(indicators) < 50 {
		t.Errorf("only %d indicators are planted", len(indicators))
	}
}

func TestTextsAreNotRepeatedTooMuch(t *testing.T) {
	t.Parallel()
	made := compose(t)
	talks, different := 0, map[string]bool{}
	for i := range made.Touchpoints {
		if p := &made.Touchpoints[i]; len(p.Turns) > 0 {
			talks++
			different[p.Content()] = true
		}
	}
	if len(different) < talks*95/100 {
		t.Errorf("of %d talks only %d differ", talks, len(different))
	}
}

func TestMarketingReachesNobodyWhoRefusedUnlessItIsPlanted(t *testing.T) {
	t.Parallel()
	made := compose(t)
	refused := map[string]bool{}
	for _, c := range made.Customers {
		refused[c.ID] = c.OptedOutAt != nil
	}
	for i := range made.Touchpoints {
		p, truth := &made.Touchpoints[i], made.Truth[i]
		if p.Channel == casework.TelemarketingCall && refused[p.CustomerID] && truth.Role != sample.Planted {
			t.Errorf("%s: marketing to a customer who opted out, and the truth says %s", p.ID, truth.Role)
		}
	}
}
