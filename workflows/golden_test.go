package workflows_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"reflect"
	"testing"
	"time"

	"xiaobao/casework"
	"xiaobao/workflows"
)

var update = flag.Bool("update", false, "write the golden files anew")

// payloads are all types that travel through histories. A field that is
// renamed or retyped would come back empty when an older history is replayed,
// and nothing would say so; here it does.
func payloads() []any {
	return []any{
		workflows.InspectionOrder{}, workflows.InspectionClosing{}, workflows.InspectionState{}, workflows.InspectionStanding{},
		workflows.Draw{}, workflows.ChunkTest{}, workflows.ChunkResult{}, workflows.QueryTest{}, workflows.ItemResult{},
		workflows.AskOrder{}, workflows.Asked{}, workflows.ReportFiled{},
		workflows.FindingsVerdict{}, workflows.QuestionAnswer{}, workflows.Submission{}, workflows.Confirmation{}, workflows.Cancellation{},
		casework.InspectionRecord{}, casework.Remaining{}, casework.VerdictOrder{}, casework.VerdictResult{},
		casework.AnswerOrder{}, casework.AnswerResult{}, casework.InspectionScore{},
		workflows.GatherOrder{}, casework.Gathering{}, workflows.JudgeOrder{}, casework.JudgeResult{}, workflows.LeaveOrder{},
		workflows.ConsultationOrder{}, workflows.ConsultationClosing{},
	}
}

func TestPayloadsKeepTheirShape(t *testing.T) {
	t.Parallel()
	for _, payload := range payloads() {
		kind := reflect.TypeOf(payload)
		t.Run(kind.Name(), func(t *testing.T) {
			t.Parallel()
			full := reflect.New(kind)
			fill(t, full.Elem(), 0)
			got, err := json.MarshalIndent(full.Interface(), "", "  ")
			if err != nil {
				t.Fatal(err)
			}
			file := filepath.Join("testdata", "golden", kind.Name()+".json")
			if *update {
				if err := os.WriteFile(file, append(got, '\n'), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(file)
			if err != nil {
				t.Fatalf("%v; run the test with -update for a new payload", err)
			}
			if !bytes.Equal(append(got, '\n'), want) {
				t.Errorf("%s has another shape than histories know. It is now\n%s", kind.Name(), got)
			}
			back := reflect.New(kind)
			if err := json.Unmarshal(want, back.Interface()); err != nil {
				t.Fatal(err)
			}
			if !reflect.DeepEqual(full.Interface(), back.Interface()) {
				t.Errorf("read back it is %+v", back.Elem())
			}
		})
	}
}

// fill gives every field a value that is not zero.
func fill(t *testing.T, v reflect.Value, depth int) {
	t.Helper()
	if _, ok := v.Interface().(time.Time); ok {
		v.Set(reflect.ValueOf(time.Date(2026, 3, 2, 1, 0, 0, 0, time.UTC)))
		return
	}
	switch v.Kind() {
	case reflect.Struct:
		for n := range v.NumField() {
			fill(t, v.Field(n), depth+1)
		}
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		fill(t, v.Elem(), depth+1)
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 1, 1))
		fill(t, v.Index(0), depth+1)
	case reflect.Map:
		key, value := reflect.New(v.Type().Key()).Elem(), reflect.New(v.Type().Elem()).Elem()
		fill(t, key, depth+1)
		fill(t, value, depth+1)
		v.Set(reflect.MakeMap(v.Type()))
		v.SetMapIndex(key, value)
	case reflect.String:
		v.SetString("text")
	case reflect.Int, reflect.Int8, reflect.Int64:
		v.SetInt(3)
	case reflect.Float64:
		v.SetFloat(0.5)
	case reflect.Bool:
		v.SetBool(true)
	default:
		t.Fatalf("no value for a %s", v.Type())
	}
}
