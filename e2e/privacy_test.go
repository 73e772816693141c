package e2e_test

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"go.temporal.io/api/enums/v1"
	"go.temporal.io/api/workflowservice/v1"
	"go.temporal.io/sdk/client"
	"google.golang.org/protobuf/encoding/protojson"

	"xiaobao/casework"
	"xiaobao/privacy"
)

// TestHistoriesAndLogsHoldNoPersonalData exports the history of every
// procedure and reads every log, and looks in them for personal data, for the
// names of customers and staff, and for what was said.
func TestHistoriesAndLogsHoldNoPersonalData(t *testing.T) {
	officer := the.as(t, "officer")
	i := start(officer, "secret name of an inspection", "--items", "I-001,I-030,I-057,I-060")
	candidates := findings(officer, i.ID, "candidate")
	const note = "note about 王小芳 with phone 13812345678"
	officer.run("inspect", "decide", i.ID, "--dismiss", "other", "--note", note, candidates[0].ID)
	officer.run("inspect", "cancel", i.ID, "--why", note)

	holdNothing(t, append(spoken(candidates), "王小芳", "secret name of an inspection", the.password))
}

// holdNothing searches histories and logs for personal data and for secrets.
func holdNothing(t *testing.T, secrets []string) {
	t.Helper()
	texts := histories(t)
	if len(texts) == 0 {
		t.Fatal("there is no history")
	}
	logs, err := filepath.Glob(filepath.Join(the.home, "log", "*.log"))
	if err != nil || len(logs) < 4 {
		t.Fatalf("logs: %v %v", logs, err)
	}
	for _, name := range logs {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		texts[name] = string(text)
	}
	for name, text := range texts {
		number := 0
		for line := range strings.Lines(text) { // each line is a record: a number does not go on in the next
			number++
			for _, span := range privacy.Find(line) {
				t.Errorf("%s: %s in line %d at %d", name, span.Kind, number, span.Start)
			}
		}
		for _, secret := range secrets {
			if strings.Contains(text, secret) {
				t.Errorf("%s holds %q", name, secret)
			}
		}
	}
}

// spoken are pieces of what consumers and agents said.
func spoken(all []casework.Finding) []string {
	var quotes []string
	for _, f := range all {
		for _, e := range f.Evidence {
			if len([]rune(e.Quote)) >= 5 {
				quotes = append(quotes, e.Quote)
			}
		}
	}
	return quotes
}

// digits that Temporal makes up itself: nanoseconds, task ids, tokens.
var machineDigits = regexp.MustCompile(`"(?:eventTime|eventId|taskId|workflowTaskCompletedEventId|scheduledEventId|startedEventId|version|initiatedTime|identity|requestId|runId|originalExecutionRunId|firstExecutionRunId|binaryChecksum|buildId|historySizeBytes|workflowExecutionExpirationTime|fireTime|startToFireTimeout|acceptedRequestSequencingEventId|acceptedRequestMessageId)":\s*"?[^",}]*"?`)

// histories gives every procedure's history as JSON, with payloads decoded,
// by workflow id.
func histories(t *testing.T) map[string]string {
	t.Helper()
	c, err := client.Dial(client.Options{HostPort: the.temporal})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	texts := map[string]string{}
	list, err := c.ListWorkflow(t.Context(), &workflowservice.ListWorkflowExecutionsRequest{PageSize: 100})
	if err != nil {
		t.Fatal(err)
	}
	for _, run := range list.Executions {
		id := run.Execution.WorkflowId
		events := c.GetWorkflowHistory(t.Context(), id, run.Execution.RunId, false, enums.HISTORY_EVENT_FILTER_TYPE_ALL_EVENT)
		var text bytes.Buffer
		for events.HasNext() {
			event, err := events.Next()
			if err != nil {
				t.Fatal(err)
			}
			raw, err := protojson.Marshal(event)
			if err != nil {
				t.Fatal(err)
			}
			text.Write(machineDigits.ReplaceAll(decoded(raw), nil))
			text.WriteByte('\n')
		}
		texts[id] = text.String()
	}
	return texts
}

// decoded replaces the base64 of payloads by what they hold.
func decoded(raw []byte) []byte {
	return payloadData.ReplaceAllFunc(raw, func(match []byte) []byte {
		var data []byte
		quoted := match[bytes.IndexByte(match, ':')+1:]
		if err := json.Unmarshal(bytes.TrimSpace(quoted), &data); err != nil {
			return match
		}
		return data
	})
}

var payloadData = regexp.MustCompile(`"data":\s*"[A-Za-z0-9+/=]*"`)
