package llm

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"sync/atomic"

	"xiaobao/privacy"
)

// mostBody bounds what a provider may answer, counted after decompression.
const mostBody = 4 << 20

// What the wire itself refuses.
var (
	errLeak     = errors.New("personal data in the request")
	errTooBig   = errors.New("the answer is larger than 4 MiB")
	errRedirect = errors.New("redirected to another server")
	errStranger = errors.New("a request for another server")
)

// A wire takes requests to one endpoint and nowhere else. On the way out it
// says what the client library cannot, looks once more for personal data and
// adds the key; on the way back it reads no more than it should, and keeps
// what the library throws away.
type wire struct {
	next   http.RoundTripper
	base   *url.URL
	key    string
	extras map[string]any
}

// An exchange is what went over the wire for one call. Its bodies never go
// into logs or errors.
type exchange struct {
	tried  bool        // it got as far as the wire
	left   atomic.Bool // it went out whole, so that it may have to be paid for
	status int
	header http.Header
	body   []byte
	extras map[string]any // beside the wire's own
}

type exchangeKey struct{}

// newHTTPClient makes the client of one endpoint. Its time limit is the
// context's.
func newHTTPClient(e Endpoint, base *url.URL) *http.Client {
	next := e.Transport
	if next == nil {
		next = http.DefaultTransport
	}
	return &http.Client{
		Transport:     &wire{next: next, base: base, key: e.Key, extras: e.manner().extras},
		CheckRedirect: sameServer,
	}
}

// sameServer refuses to carry a request, with its key and text, to where
// nobody configured.
func sameServer(req *http.Request, via []*http.Request) error {
	first := via[0].URL
	if len(via) > 3 || req.URL.Host != first.Host || req.URL.Scheme != first.Scheme {
		return errRedirect
	}
	return nil
}

// RoundTrip sends one request.
func (w *wire) RoundTrip(req *http.Request) (*http.Response, error) {
	ex, _ := req.Context().Value(exchangeKey{}).(*exchange)
	if ex == nil {
		ex = &exchange{}
	}
	if req.URL.Host != w.base.Host || req.URL.Scheme != w.base.Scheme {
		return nil, errStranger
	}
	out, err := w.outgoing(req, ex)
	if err != nil {
		return nil, err
	}
	ex.tried = true
	resp, err := w.next.RoundTrip(out.WithContext(httptrace.WithClientTrace(out.Context(), &httptrace.ClientTrace{
		WroteRequest: func(info httptrace.WroteRequestInfo) { ex.left.Store(info.Err == nil) },
	})))
	if err != nil {
		return nil, err
	}
	ex.status, ex.header = resp.StatusCode, resp.Header
	ex.body, err = readAtMost(resp.Body, mostBody)
	if err != nil {
		return nil, err
	}
	resp.Body = io.NopCloser(bytes.NewReader(ex.body))
	return resp, nil
}

// outgoing is the request as it leaves: with the dialect's extras and the key,
// and with nothing personal in it.
func (w *wire) outgoing(req *http.Request, ex *exchange) (*http.Request, error) {
	out := req.Clone(req.Context())
	if w.key != "" {
		out.Header.Set("Authorization", "Bearer "+w.key)
	}
	if req.Body == nil {
		return out, nil
	}
	body, err := io.ReadAll(req.Body)
	if closing := req.Body.Close(); err == nil {
		err = closing
	}
	if err == nil {
		body, err = merge(body, w.extras, ex.extras)
	}
	if err != nil {
		return nil, err
	}
	if leaks(body) {
		return nil, errLeak
	}
	out.Body = io.NopCloser(bytes.NewReader(body))
	out.GetBody = nil
	out.ContentLength = int64(len(body))
	return out, nil
}

// merge sets keys of a JSON object. A nil value takes the key out.
func merge(body []byte, sets ...map[string]any) ([]byte, error) {
	var object map[string]json.RawMessage
	if err := json.Unmarshal(body, &object); err != nil {
		return nil, errors.New("the request is no JSON object")
	}
	for _, set := range sets {
		for name, value := range set {
			if value == nil {
				delete(object, name)
				continue
			}
			text, err := json.Marshal(value)
			if err != nil {
				return nil, err
			}
			object[name] = text
		}
	}
	return json.Marshal(object)
}

// leaks reports whether a body holds personal data, also where escapes hide
// it.
func leaks(body []byte) bool { return len(privacy.Leaks(string(body))) > 0 }

// readAtMost reads and closes a body, unless it is larger than it may be.
func readAtMost(body io.ReadCloser, most int64) ([]byte, error) {
	data, err := io.ReadAll(io.LimitReader(body, most+1))
	closing := body.Close()
	switch {
	case err != nil:
		return nil, err
	case int64(len(data)) > most:
		return nil, errTooBig
	}
	return data, closing
}

// carrying gives a context whose request leaves its traces in ex.
func carrying(ctx context.Context, ex *exchange) context.Context {
	return context.WithValue(ctx, exchangeKey{}, ex)
}
