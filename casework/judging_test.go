package casework_test

import (
	"testing"

	"xiaobao/casework"
)

func TestOfficersGetTheLikeliestSuspicionAndAllThatAreSureEnough(t *testing.T) {
	t.Parallel()
	suspect := func(certainties ...float64) casework.Undecided {
		var u casework.Undecided
		for _, c := range certainties {
			u.Suspicions = append(u.Suspicions, casework.Suspicion{Certainty: c})
		}
		return u
	}
	for name, test := range map[string]struct {
		of         casework.Undecided
		likelihood float64
		officers   int
	}{
		"none":             {suspect(), 0, 0},
		"one unlikely":     {suspect(0.2), 0.2, 1},
		"several unlikely": {suspect(0.2, 0.3), 0.3, 1},
		"two likely":       {suspect(0.3, 0.9, 0.5), 0.9, 2},
		"all likely":       {suspect(0.6, 0.7), 0.7, 2},
	} {
		got := test.of.Likeliest()
		if test.of.Likelihood() != test.likelihood || len(got) != test.officers {
			t.Errorf("%s: likelihood %v, officers get %v", name, test.of.Likelihood(), got)
		}
		if len(got) > 0 && got[0].Certainty != test.likelihood {
			t.Errorf("%s: the likeliest does not come first: %v", name, got)
		}
	}
}

func TestOnlySomeTroublesAreAboutTheText(t *testing.T) {
	t.Parallel()
	about := map[casework.ModelTrouble]bool{
		casework.TroubleTooLong: true, casework.TroubleFiltered: true, casework.TroubleBadOutput: true, casework.TroubleUngrounded: true,
		casework.TroubleAway: false, casework.TroubleQuota: false, casework.TroubleRefuses: false, casework.TroubleLeak: false,
		casework.TroubleBudget: false, casework.TroubleOff: false, casework.TroubleNone: false, casework.TroubleCancelled: false,
	}
	for trouble, want := range about {
		if trouble.AboutTheText() != want {
			t.Errorf("%s: %v", trouble, !want)
		}
	}
}
