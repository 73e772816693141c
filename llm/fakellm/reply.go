package fakellm

import (
	"cmp"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"unicode/utf8"
)

// A Reply is what an endpoint says to a request that it takes.
type Reply struct {
	Content   string
	Reasoning string          // thought before the content
	Refusal   string          // instead of content
	Tool      string          // called instead of answering; empty: none
	Finish    string          // empty: stop
	Model     string          // empty: Answerer
	JSON      json.RawMessage // what the content means, if it is a whole answer
}

// An Exchange is one request being answered.
type Exchange struct {
	Request *Request
	Server  *Server

	w     http.ResponseWriter
	r     *http.Request
	entry *Entry
}

// close notes that nothing more will be said.
func (x *Exchange) close() {
	now := x.Server.options.Now()
	x.entry.set(func(e *Entry) { e.Ended = now })
}

// authorised reports whether the key is the one that is asked for.
func (x *Exchange) authorised() bool {
	want := x.Server.options.Key
	return want == "" || x.r.Header.Get("Authorization") == "Bearer "+want
}

// final are the refusals that another attempt will not change.
var final = map[int]bool{400: true, 401: true, 402: true, 403: true, 404: true, 413: true, 422: true}

// Refuse answers with an error in the vendor's words.
func (x *Exchange) Refuse(status int, message, code string, header ...string) {
	for i := 0; i+1 < len(header); i += 2 {
		x.w.Header().Set(header[i], header[i+1])
	}
	x.entry.set(func(e *Entry) {
		e.Status = status
		e.Final = final[status] || code == "insufficient_quota"
		e.RetryAfter = waitOf(x.w.Header(), x.Server.options.Now())
	})
	writeJSON(x.w, status, x.Server.envelope(status, message, code))
}

// Raw answers with a status and a body as they are.
func (x *Exchange) Raw(status int, contentType, body string) {
	x.entry.set(func(e *Entry) { e.Status, e.Final = status, final[status] })
	x.w.Header().Set("Content-Type", contentType)
	x.w.WriteHeader(status)
	x.write(body)
}

// write sends a piece of a body and counts it.
func (x *Exchange) write(piece string) bool {
	n, err := x.w.Write([]byte(piece))
	x.entry.set(func(e *Entry) { e.Sent += int64(n) })
	return err == nil
}

// flush sends what was written so far.
func (x *Exchange) flush() {
	if f, ok := x.w.(http.Flusher); ok {
		f.Flush()
	}
}

// Send answers with a reply, in the manner of the vendor and as the request
// asks: in one piece or streamed, cut where its tokens are used up.
func (x *Exchange) Send(reply Reply) {
	reply = x.bounded(reply)
	if x.Server.thinks(x.Request) && reply.Reasoning == "" {
		reply.Reasoning = "先逐句看原文，再对照候选项。"
	}
	x.entry.answered(reply)
	if x.Request.Stream {
		x.stream(reply)
		return
	}
	body, err := json.Marshal(x.completion(reply))
	if err != nil {
		x.Refuse(http.StatusInternalServerError, err.Error(), "server_error")
		return
	}
	x.w.Header().Set("Content-Type", "application/json")
	x.entry.set(func(e *Entry) { e.Status = http.StatusOK })
	if x.write(manners[x.Server.options.Dialect].blanks + string(body)) {
		x.entry.whole(reply)
	}
}

// bounded cuts a reply where the tokens that the request allows are used up.
func (x *Exchange) bounded(reply Reply) Reply {
	reply.Finish = cmp.Or(reply.Finish, "stop")
	reply.Model = cmp.Or(reply.Model, Answerer)
	most := cmp.Or(x.Request.MostTokens, x.Request.MaxTokens)
	if most == nil || tokens(reply.Content) <= *most {
		return reply
	}
	runes := []rune(reply.Content)
	for len(runes) > 0 && tokens(string(runes)) > *most {
		runes = runes[:len(runes)*9/10]
	}
	reply.Content, reply.JSON, reply.Finish = string(runes), nil, "length"
	return reply
}

// tokens estimates what a text counts, at about 0.6 for a character.
func tokens(text string) int { return (utf8.RuneCountInString(text)*6 + 9) / 10 }

// message is the reply as a message, or as the first part of one.
func (x *Exchange) message(reply Reply) map[string]any {
	m := map[string]any{"role": "assistant", "content": reply.Content}
	if x.Server.options.Dialect == OpenAI {
		m["refusal"] = nil
		m["annotations"] = []any{}
	}
	if field := manners[x.Server.options.Dialect].reasoning; field != "" && reply.Reasoning != "" {
		m[field] = reply.Reasoning
	}
	if reply.Refusal != "" {
		m["content"], m["refusal"] = nil, reply.Refusal
	}
	if reply.Tool != "" {
		m["content"] = nil
		m["tool_calls"] = []any{map[string]any{"id": "call_fake", "type": "function", "function": map[string]any{"name": reply.Tool, "arguments": "{}"}}}
	}
	return m
}

// completion is the reply in one piece.
func (x *Exchange) completion(reply Reply) map[string]any {
	c := map[string]any{
		"id": x.id(), "object": "chat.completion", "created": x.Server.options.Now().Unix(), "model": reply.Model,
		"choices": []any{map[string]any{"index": 0, "message": x.message(reply), "finish_reason": reply.Finish, "logprobs": nil}},
		"usage":   x.usage(reply),
	}
	if x.Server.options.Dialect != LlamaCPP {
		c["system_fingerprint"] = "fp_" + Answerer
	}
	return c
}

func (x *Exchange) id() string { return fmt.Sprintf("chatcmpl-fake-%06d", x.entry.No) }

// usage counts tokens; what the system said before comes from the cache.
func (x *Exchange) usage(reply Reply) map[string]any {
	in, out := tokens(x.Request.Text()), tokens(reply.Content)+tokens(reply.Reasoning)
	hit := 0
	if x.Server.saidBefore(x.Request.Said("system"), x.entry.No) {
		hit = tokens(x.Request.Said("system"))
	}
	u := map[string]any{"prompt_tokens": in, "completion_tokens": out, "total_tokens": in + out,
		"prompt_tokens_details": map[string]any{"cached_tokens": hit}, "completion_tokens_details": map[string]any{"reasoning_tokens": tokens(reply.Reasoning)}}
	if x.Server.options.Dialect == DeepSeek {
		u["prompt_cache_hit_tokens"], u["prompt_cache_miss_tokens"] = hit, in-hit
	}
	return u
}

// stream sends a reply in chunks.
func (x *Exchange) stream(reply Reply) {
	x.beginStream()
	for _, c := range x.chunks(reply) {
		if !x.event(c) {
			return
		}
		x.write(manners[x.Server.options.Dialect].beats)
	}
	if o := x.Request.StreamOptions; o != nil && o.Usage {
		last := x.chunk(nil, nil)
		last["choices"], last["usage"] = []any{}, x.usage(reply)
		x.event(last)
	}
	if x.write("data: [DONE]\n\n") {
		x.entry.whole(reply)
	}
}

func (x *Exchange) beginStream() {
	x.entry.set(func(e *Entry) { e.Status = http.StatusOK })
	x.w.Header().Set("Content-Type", "text/event-stream")
	x.w.WriteHeader(http.StatusOK)
}

// event sends one chunk at once.
func (x *Exchange) event(chunk map[string]any) bool {
	data, err := json.Marshal(chunk)
	if err != nil {
		return false
	}
	ok := x.write("data: " + string(data) + "\n\n")
	x.flush()
	return ok
}

// chunks are the pieces of a reply: the role, the content by some characters,
// and the end with its reason.
func (x *Exchange) chunks(reply Reply) []map[string]any {
	first := x.message(reply)
	delete(first, "annotations")
	if reply.Refusal == "" && reply.Tool == "" {
		first["content"] = ""
	}
	list := []map[string]any{x.chunk(first, nil)}
	for _, piece := range pieces(reply.Content, 24) {
		list = append(list, x.chunk(map[string]any{"content": piece}, nil))
	}
	return append(list, x.chunk(map[string]any{}, reply.Finish))
}

func (x *Exchange) chunk(delta map[string]any, finish any) map[string]any {
	return map[string]any{
		"id": x.id(), "object": "chat.completion.chunk", "created": x.Server.options.Now().Unix(), "model": Answerer,
		"choices": []any{map[string]any{"index": 0, "delta": delta, "finish_reason": finish, "logprobs": nil}},
	}
}

// pieces cuts a text into pieces of n characters.
func pieces(text string, n int) []string {
	var list []string
	var b strings.Builder
	count := 0
	for _, r := range text {
		b.WriteRune(r)
		if count++; count == n {
			list = append(list, b.String())
			b.Reset()
			count = 0
		}
	}
	if b.Len() > 0 {
		list = append(list, b.String())
	}
	return list
}
