package fakellm

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// Long is how long the faults of limits ask a client to wait.
const Long = 7 * time.Second

// limits are rows 1 and 2: come back later, and do not come back.
func limits() []fault {
	tooMany := func(name, header string, value func(now time.Time) string) fault {
		return fault{name, 1, func(x *Exchange) {
			x.Refuse(http.StatusTooManyRequests, "Rate limit reached for requests", "rate_limit_exceeded", header, value(x.Server.options.Now()))
		}}
	}
	refuse := func(name string, row, status int, message, code string) fault {
		return fault{name, row, func(x *Exchange) { x.Refuse(status, message, code) }}
	}
	return []fault{
		tooMany("limit_seconds", "Retry-After", func(time.Time) string { return "7" }),
		tooMany("limit_fraction", "Retry-After", func(time.Time) string { return "7.0" }),
		tooMany("limit_date", "Retry-After", func(now time.Time) string {
			return now.Add(Long + time.Second).UTC().Format(http.TimeFormat)
		}),
		tooMany("limit_milliseconds", "retry-after-ms", func(time.Time) string { return "7000" }),
		refuse("limit_bare", 1, http.StatusTooManyRequests, "Too many requests", "rate_limit_exceeded"),
		refuse("quota", 2, http.StatusTooManyRequests, "You exceeded your current quota, please check your plan and billing details.", "insufficient_quota"),
		refuse("balance", 2, http.StatusPaymentRequired, "Insufficient Balance", "invalid_request_error"),
		refuse("arrears", 2, http.StatusBadRequest, "Access denied, please make sure your account is in good standing.", "Arrearage"),
		refuse("key_wrong", 2, http.StatusUnauthorized, "Incorrect API key provided.", "invalid_api_key"),
		refuse("key_forbidden", 2, http.StatusForbidden, "You are not allowed to use this model.", "access_denied"),
		refuse("model_unknown", 2, http.StatusNotFound, "model 'x' not found", "model_not_found"),
		refuse("request_wrong", 2, http.StatusUnprocessableEntity, "Invalid parameters", "invalid_request_error"),
		refuse("too_long", 2, http.StatusBadRequest, "This model's maximum context length is 8192 tokens. However, your messages resulted in 9001 tokens.", "context_length_exceeded"),
		refuse("too_large", 2, http.StatusRequestEntityTooLarge, "Request entity too large", "request_too_large"),
		refuse("inspection", 8, http.StatusBadRequest, "Input data may contain inappropriate content.", "data_inspection_failed"),
	}
}

// page is what a proxy or a login portal says.
const page = "<!DOCTYPE html><html><head><title>502 Bad Gateway</title></head><body><h1>502</h1></body></html>"

// failures are row 3: the endpoint or what stands before it is broken.
func failures() []fault {
	raw := func(name string, status int, kind, body string) fault {
		return fault{name, 3, func(x *Exchange) { x.Raw(status, kind, body) }}
	}
	return []fault{
		{"broken", 3, func(x *Exchange) {
			x.Refuse(http.StatusInternalServerError, "The server had an error while processing your request.", "server_error")
		}},
		raw("broken_page", http.StatusBadGateway, "text/html", page),
		raw("broken_empty", http.StatusInternalServerError, "application/json", ""),
		raw("loading", http.StatusServiceUnavailable, "application/json", `{"error":{"code":503,"message":"Loading model","type":"unavailable_error"}}`),
		raw("overloaded", http.StatusServiceUnavailable, "application/json", `{"error":{"message":"Service is too busy","type":"service_unavailable_error","param":null,"code":"service_unavailable_error"}}`),
		raw("gateway_timeout", http.StatusGatewayTimeout, "text/plain", "upstream request timeout"),
		raw("request_timeout", http.StatusRequestTimeout, "text/plain", ""),
		raw("error_is_a_string", http.StatusInternalServerError, "application/json", `{"error":"llama runner process has terminated"}`),
		raw("error_without_message", http.StatusInternalServerError, "application/json", `{"error":{}}`),
		raw("error_flat", http.StatusInternalServerError, "application/json", `{"object":"error","message":"EngineDeadError","type":"InternalServerError","param":null,"code":500}`),
	}
}

// bodies are rows 4 and 13: it says that all is well, and it is not.
func bodies() []fault {
	raw := func(name, kind, body string) fault {
		return fault{name, 4, func(x *Exchange) { x.Raw(http.StatusOK, kind, body) }}
	}
	return []fault{
		raw("ok_error", "application/json", `{"error":{"message":"upstream failed","type":"server_error","param":null,"code":"internal_error"}}`),
		raw("ok_empty", "application/json", ""),
		raw("ok_null", "application/json", "null"),
		raw("ok_no_choices", "application/json", `{"id":"x","object":"chat.completion","created":1,"model":"fake-rules-v1","choices":[]}`),
		raw("ok_page", "text/html", page),
		raw("ok_array", "application/json", "[]"),
		{"ok_half", 4, func(x *Exchange) { x.Raw(http.StatusOK, "application/json", x.half()) }},
		{"huge", 13, func(x *Exchange) { x.flood(100 << 20) }},
		{"endless", 13, func(x *Exchange) { x.flood(1 << 40) }},
		{"endless_stream", 13, (*Exchange).endlessStream},
		{"nested_body", 13, func(x *Exchange) {
			x.Raw(http.StatusOK, "application/json", `{"choices":`+strings.Repeat("[", 100_000)+strings.Repeat("]", 100_000)+`}`)
		}},
		{"nested_answer", 13, func(x *Exchange) {
			x.Send(Reply{Content: strings.Repeat(`{"a":`, 50_000) + "1" + strings.Repeat("}", 50_000)})
		}},
		{"gzip_bomb", 13, (*Exchange).bomb},
	}
}

// half is the first half of an honest answer's body.
func (x *Exchange) half() string {
	body, err := json.Marshal(x.completion(x.bounded(x.Honest())))
	if err != nil {
		return "{"
	}
	return string(body[:len(body)/2])
}

// flood sends an answer whose content does not end for n bytes.
func (x *Exchange) flood(n int64) {
	x.w.Header().Set("Content-Type", "application/json")
	x.entry.set(func(e *Entry) { e.Status = http.StatusOK })
	x.write(`{"id":"x","object":"chat.completion","created":1,"model":"fake-rules-v1","choices":[{"index":0,"finish_reason":"stop","message":{"role":"assistant","content":"`)
	piece := strings.Repeat("安", 20_000)
	for sent := int64(0); sent < n; sent += int64(len(piece)) {
		if !x.write(piece) {
			return
		}
	}
	x.write(`"}}]}`)
}

// endlessStream sends chunks until nobody takes them any more.
func (x *Exchange) endlessStream() {
	x.beginStream()
	piece := strings.Repeat("保", 5_000)
	for x.event(x.chunk(map[string]any{"content": piece}, nil)) {
		if x.r.Context().Err() != nil {
			return
		}
	}
}

// bomb sends 200 MB of blanks before an answer, in 200 kB: a packed megabyte,
// two hundred times.
func (x *Exchange) bomb() {
	pack := func(text []byte) string {
		var packed bytes.Buffer
		z := gzip.NewWriter(&packed)
		_, _ = z.Write(text) // a buffer takes everything
		_ = z.Close()
		return packed.String()
	}
	x.w.Header().Set("Content-Encoding", "gzip")
	x.Raw(http.StatusOK, "application/json", strings.Repeat(pack(bytes.Repeat([]byte(" "), 1<<20)), 200)+pack([]byte(`{"choices":[]}`)))
}

// connections are rows 5 and 6: the line fails.
func connections() []fault {
	never := make(chan struct{})
	return []fault{
		{"closed_at_once", 5, func(x *Exchange) { x.hangUp("") }},
		{"closed_in_headers", 5, func(x *Exchange) { x.hangUp("HTTP/1.1 200 OK\r\nContent-Type: appli") }},
		{"closed_after_headers", 5, func(x *Exchange) {
			x.hangUp("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 500\r\n\r\n")
		}},
		{"closed_in_body", 5, func(x *Exchange) {
			body := x.half()
			x.hangUp("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: " + strconv.Itoa(2*len(body)) + "\r\n\r\n" + body)
		}},
		{"no_headers", 5, func(x *Exchange) { x.wait(never) }},
		{"no_body", 5, func(x *Exchange) {
			x.w.WriteHeader(http.StatusOK)
			x.flush()
			x.wait(never)
		}},
		{"half_body", 5, func(x *Exchange) {
			x.w.Header().Set("Content-Type", "application/json")
			x.write(x.half())
			x.flush()
			x.wait(never)
		}},
		{"blank_lines", 6, func(x *Exchange) {
			x.write(strings.Repeat("\n", 400))
			x.flush()
			x.Send(x.Honest())
		}},
	}
}

// hangUp says something on the bare connection and closes it.
func (x *Exchange) hangUp(say string) {
	h, ok := x.w.(http.Hijacker)
	if !ok {
		return
	}
	conn, _, err := h.Hijack()
	if err != nil {
		return
	}
	_, _ = io.WriteString(conn, say) // cut short on purpose
	_ = conn.Close()
}
