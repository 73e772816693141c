package desk_test

import (
	"errors"
	"testing"

	"xiaobao/casework"
	"xiaobao/desk"
)

func TestAPeriodWithoutFiguresIsRefusedAtOnce(t *testing.T) {
	t.Parallel()
	d, officer := &desk.Desk{}, casework.User{ID: "u-li", Role: casework.Officer, Active: true}
	for _, context := range []string{"", "complaints went down", `{"complaints": 12}`, "[]", `[{"value": 12}]`, `[{"name": "complaints"}]`, `[{"name": "complaints", "value": "many"}]`} {
		_, err := d.Consult(t.Context(), officer, "r-1", casework.ToLookBack, casework.Document{Context: context})
		if e, ok := errors.AsType[*casework.Error](err); !ok || e.Kind != casework.Invalid || e.Code != "field:context" {
			t.Errorf("figures %q: %v", context, err)
		}
	}
}
