package desk_test

import (
	"context"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"xiaobao/casework"
	"xiaobao/desk"
	"xiaobao/importing"
)

const calls = "id,channel,occurred_at,text\na,service_chat,2026-03-01,电话13912345678\nb,service_chat,2026-03-01,你好\n"

// handIn hands a file in as an officer of the head office.
func handIn(t *testing.T, o *office, name, content, mapping string) casework.ImportRun {
	t.Helper()
	run, err := o.DryRunImport(t.Context(), o.user("HQ", casework.Officer), desk.ImportRequest{
		Kind: "touchpoints", File: name, Content: strings.NewReader(content), Mapping: []byte(mapping),
	})
	must(t, err)
	return run
}

// ended waits until an import has ended, and its file is gone.
func ended(t *testing.T, o *office, id string) casework.ImportRun {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for {
		run, err := o.Import(t.Context(), o.user("HQ", casework.Officer), id)
		must(t, err)
		if run.Status != "running" && len(waiting(t, o)) == 0 {
			return run
		}
		select {
		case <-ctx.Done():
			t.Fatalf("still %s, files %v", run.Status, waiting(t, o))
		case <-tick.C:
		}
	}
}

// waiting are the files that wait in the desk's home, and checks that nothing
// is anywhere else.
func waiting(t *testing.T, o *office) []string {
	t.Helper()
	var found []string
	must(t, filepath.WalkDir(o.Home, func(path string, e os.DirEntry, err error) error {
		if err == nil && !e.IsDir() {
			if filepath.Dir(path) != filepath.Join(o.Home, "imports") {
				t.Errorf("a file outside: %s", path)
			}
			found = append(found, e.Name())
		}
		return err
	}))
	return found
}

func TestAFileIsLookedAtThenTakenInThenGone(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	u := o.user("HQ", casework.Officer)
	seen := handIn(t, o, "calls.csv", calls, "")
	if seen.Rows != 2 || !seen.DryRun || seen.Added != 0 || len(seen.Preview) != 2 {
		t.Errorf("%+v", seen)
	}
	silent(t, text(seen.Preview))
	again, err := o.Import(t.Context(), u, seen.ID)
	must(t, err)
	if !reflect.DeepEqual(again.Preview, seen.Preview) || !reflect.DeepEqual(again.Columns, seen.Columns) || again.FileGone {
		t.Errorf("looked at again it is %+v", again)
	}
	begun, err := o.RunImport(t.Context(), u, seen.ID, false)
	must(t, err)
	done := ended(t, o, begun.ID)
	if done.Status != "done" || done.Added != 2 || done.File != "calls.csv" || done.StartedBy != u.ID {
		t.Errorf("%+v", done)
	}
	_, err = o.RunImport(t.Context(), u, seen.ID, false)
	kind(t, err, casework.NotFound) // its file has served
	again, err = o.Import(t.Context(), u, seen.ID)
	must(t, err)
	if !again.FileGone || again.Preview != nil || done.FileGone {
		t.Errorf("the file has served: %+v, %+v", again, done)
	}
	_, err = o.RunImport(t.Context(), u, begun.ID, false)
	kind(t, err, casework.NotFound)
}

func TestAPreviewOfEachKindOfFileIsMasked(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	u := o.user("HQ", casework.Officer)
	for _, c := range []struct{ kind, name, content, mapping, column, want string }{
		{"touchpoints", "x.csv", "触点编号,渠道,发生时间,文本内容\na,投诉,2026-03-01,电话13912345678\n", "", "文本内容=text", "电话＊＊＊＊＊＊＊＊＊78"},
		{"touchpoints", "x.jsonl", `{"id":"a","channel":"complaint","occurred_at":"2026-03-01T09:00:00+08:00","text":"电话13912345678"}`, "", "text=text", "电话＊＊＊＊＊＊＊＊＊78"},
		{"touchpoints", "x.jsonl", `电话13912345678`, "", "JSON=", "电话＊＊＊＊＊＊＊＊＊78"},
		{"touchpoints", "x.csv", "id,channel,occurred_at,text\na,complaint,2026-03-01," + strings.Repeat("字", 500) + "\n", "", "text=text", strings.Repeat("字", 400) + "…"},
		{"customers", "x.csv", "号,谁\nc1,李四\n", "columns: {id: 号, name: 谁}", "谁=name", "＊＊"},
		{"customers", "x.csv", "id,phone,13912345678\nc1,021-5555,x\n", "", "phone=phone ＊＊＊＊＊＊＊＊＊78=", "＊＊＊＊＊＊＊＊"},
		{"staff", "x.csv", "id,org_id,name\ns1,HQ,王一\n", "", "name=name", "王一"},
	} {
		seen, err := o.DryRunImport(t.Context(), u, desk.ImportRequest{Kind: c.kind, File: c.name, Content: strings.NewReader(c.content), Mapping: []byte(c.mapping)})
		must(t, err)
		run, err := o.Import(t.Context(), u, seen.ID)
		must(t, err)
		var columns []string
		for _, column := range run.Columns {
			columns = append(columns, column.Name+"="+column.Field)
		}
		name, _, _ := strings.Cut(c.column, "=")
		if len(run.Preview) != 1 || run.Preview[0][name] != c.want || !strings.Contains(strings.Join(columns, " "), c.column) {
			t.Errorf("%s %s: columns %v, rows %v", c.kind, c.name, columns, run.Preview)
		}
	}
}

func TestADryRunOfTheCommandLineKeptNoFile(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	path := filepath.Join(t.TempDir(), "calls.csv")
	must(t, os.WriteFile(path, []byte(calls), 0o600))
	u := o.user("HQ", casework.Officer)
	seen, err := o.ImportFile(t.Context(), u, importing.Request{Kind: "touchpoints", File: path, DryRun: true})
	must(t, err)
	run, err := o.Import(t.Context(), u, seen.ID)
	must(t, err)
	if !run.FileGone || run.Preview != nil {
		t.Errorf("%+v", run)
	}
}

func TestFileNamesStayNames(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	for name, want := range map[string]string{
		"../../x.csv": "x.csv", `..\..\y.csv`: "y.csv", "/etc/passwd": "passwd", "..": "..", "": "file", "a\x00b\n.csv": "ab.csv", "bad\xff.csv": "bad.csv",
		"x.csv/..": "..", "*.csv*": "*.csv*", strings.Repeat("长", 300) + ".csv": strings.Repeat("长", 100) + ".csv", "x." + strings.Repeat("e", 300): "x." + strings.Repeat("e", 98),
		"x.csv.mapping": "x.csv.mapping",
	} {
		if run := handIn(t, o, name, calls, ""); run.File != want {
			t.Errorf("%q is called %q, want %q", name, run.File, want)
		}
	}
	for _, name := range waiting(t, o) {
		if !strings.HasPrefix(name, "touchpoints-") {
			t.Errorf("a file called %q", name)
		}
	}
}

func TestARefusedFileWaitsForAnotherAnswer(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	u := o.user("HQ", casework.Officer)
	seen := handIn(t, o, "calls.csv", calls+"c,pigeon,2026-03-01,x\n", "")
	if seen.Invalid != 1 {
		t.Errorf("%+v", seen)
	}
	_, err := o.RunImport(t.Context(), u, seen.ID, false)
	kind(t, err, casework.Invalid)
	begun, err := o.RunImport(t.Context(), u, seen.ID, true)
	must(t, err)
	if done := ended(t, o, begun.ID); done.Added != 2 || done.Invalid != 1 {
		t.Errorf("%+v", done)
	}
	bad := desk.ImportRequest{Kind: "touchpoints", File: "x.csv", Content: strings.NewReader("id\n1\n")}
	_, err = o.DryRunImport(t.Context(), u, bad)
	kind(t, err, casework.Invalid)
	if left := waiting(t, o); len(left) != 0 {
		t.Errorf("left %v", left)
	}
}

func TestTheMappingOfADryRunIsTheOneThatServes(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	content := "id,channel,occurred_at,text,other\na,service_chat,2026-03-01,one,two\n"
	first := handIn(t, o, "calls.csv", content, "columns: {text: other}")
	handIn(t, o, "calls.csv", content, "columns: {text: text}")
	begun, err := o.RunImport(t.Context(), o.user("HQ", casework.Officer), first.ID, false)
	must(t, err)
	for begun.Status == "running" {
		begun, err = o.store.Import(t.Context(), begun.ID)
		must(t, err)
	}
	if kept, err := o.store.Touchpoint(t.Context(), "a"); err != nil || kept.Text != "two" {
		t.Errorf("%+v %v", kept, err)
	}
}

func TestImportsAreTakenUpAfterACrashAndOldFilesGo(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	for _, status := range []string{"running", "interrupted"} {
		content := strings.ReplaceAll(strings.ReplaceAll(calls, "\na,", "\na-"+status+","), "\nb,", "\nb-"+status+",")
		seen := handIn(t, o, "calls.csv", content, "")
		cut := seen
		cut.ID, cut.DryRun = "imp-"+status, false
		must(t, o.store.StartImport(t.Context(), cut))
		if status == "interrupted" {
			must(t, o.store.EndImport(t.Context(), cut.ID, status, noon, nil))
		}
	}
	old := filepath.Join(o.Home, "imports", "touchpoints-forgotten.csv")
	must(t, os.WriteFile(old, []byte(calls), 0o600))
	must(t, os.Chtimes(old, noon.AddDate(0, 0, -8), noon.AddDate(0, 0, -8)))
	o.Now = func() time.Time { return time.Now() }
	must(t, o.ResumeImports(t.Context()))
	for _, status := range []string{"running", "interrupted"} {
		if run := ended(t, o, "imp-"+status); run.Status != "done" || run.Added != 2 {
			t.Errorf("%+v", run)
		}
	}
	if _, err := os.Stat(old); err == nil {
		t.Error("the forgotten file is still there")
	}
	must(t, o.ResumeImports(t.Context())) // nothing is left to do
}

func TestFilesComeInThroughTheHeadOffice(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	path := filepath.Join(t.TempDir(), "units.csv")
	must(t, os.WriteFile(path, []byte("id,name,kind\nB1,总部,head_office\n"), 0o600))
	for _, c := range []struct {
		u    casework.User
		want casework.Kind
	}{
		{o.user("B1", casework.Officer), casework.Denied}, {o.user("B1", casework.Admin), casework.Denied},
		{o.user("HQ", casework.Officer), casework.Denied}, {o.user("HQ", casework.Admin), ""},
	} {
		_, err := o.ImportFile(t.Context(), c.u, importing.Request{Kind: "orgs", File: path, DryRun: true})
		kind(t, err, c.want)
	}
	_, err := o.Imports(t.Context(), o.user("B1", casework.Officer), casework.PageRequest{})
	kind(t, err, casework.Denied)
	_, err = o.ImportFile(t.Context(), o.user("HQ", casework.Admin), importing.Request{Kind: "13912345678", File: path})
	kind(t, err, casework.Invalid)
	silent(t, text(o.trail(t)))
}
