package fakellm_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"xiaobao/llm/fakellm"
	"xiaobao/prompts"
)

// A body is a request in the making.
type body map[string]any

// with is a copy with other fields; nil takes a field away.
func (b body) with(fields body) body {
	c := body{}
	for k, v := range b {
		c[k] = v
	}
	for k, v := range fields {
		if v == nil {
			delete(c, k)
			continue
		}
		c[k] = v
	}
	return c
}

// reply is what an endpoint said.
type reply struct {
	status int
	header http.Header
	body   []byte
}

// content is what the first choice says.
func (r reply) content(t *testing.T) string {
	t.Helper()
	var c struct {
		Model   string `json:"model"`
		Choices []struct {
			Message struct {
				Content string `json:"content"`
			} `json:"message"`
		} `json:"choices"`
	}
	if err := json.Unmarshal(r.body, &c); err != nil || len(c.Choices) != 1 {
		t.Fatalf("status %d, no single choice in %.200s (%v)", r.status, r.body, err)
	}
	if c.Model != fakellm.Answerer {
		t.Errorf("the answer says it is of model %q", c.Model)
	}
	return c.Choices[0].Message.Content
}

func post(t *testing.T, s *fakellm.Server, b body) reply {
	t.Helper()
	sent, err := json.Marshal(b)
	if err != nil {
		t.Fatal(err)
	}
	return postRaw(t, s, sent)
}

func postRaw(t *testing.T, s *fakellm.Server, sent []byte, header ...string) reply {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, s.URL+"/chat/completions", bytes.NewReader(sent))
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i+1 < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	got, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return reply{resp.StatusCode, resp.Header, got}
}

// question writes a request about utterances as the project's client does.
func question(p *prompts.Prompt, given string, utterances ...string) body {
	var b strings.Builder
	b.WriteString(p.Task + "\n\n")
	if given != "" {
		b.WriteString("已知事实（JSON）：\n" + given + "\n\n")
	}
	b.WriteString("〈数据-abcdefgh〉\n")
	for i, u := range utterances {
		speaker, text, marked := strings.Cut(u, "：")
		if marked {
			fmt.Fprintf(&b, "[S%d %s] %s\n", i+1, speaker, text)
		} else {
			fmt.Fprintf(&b, "[S%d] %s\n", i+1, u)
		}
	}
	b.WriteString("〈/数据-abcdefgh〉\n\n请只输出 JSON。")
	return body{
		"model":       "fake",
		"temperature": 0.0,
		"max_tokens":  1500,
		"messages":    []body{{"role": "system", "content": p.System}, {"role": "user", "content": b.String()}},
		"response_format": body{"type": "json_schema", "json_schema": body{
			"name": strings.ReplaceAll(p.Name(), ".", "_"), "strict": true, "schema": p.Schema,
		}},
	}
}

func prompt(t *testing.T, id string) *prompts.Prompt {
	t.Helper()
	p, err := prompts.Latest(id)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

const candidates = `{"candidates":[
 {"indicator":"tm_guaranteed_approval","title":"承诺包过","means":"在审批之前把通过说成确定的事","speakers":["坐席"]},
 {"indicator":"col_threat_violence","title":"暴力威胁","means":"以伤害相威胁","speakers":["坐席"]}]}`

// call is a question with one thing to find.
func call(t *testing.T) body {
	t.Helper()
	return question(prompt(t, "judge"), candidates, "客户：你们上次说要带人堵我家门！", "坐席：没有的事。您这笔我给您打包票，递上去就过。")
}
