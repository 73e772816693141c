package store_test

import (
	"cmp"
	"errors"
	"io"
	"net"
	"net/url"
	"strings"
	"sync"
	"testing"

	"xiaobao/casework"
	"xiaobao/store"
	"xiaobao/store/storetest"
)

// A relay stands between a store and its server until it is cut.
type relay struct {
	net.Listener
	sync.Mutex
	open []net.Conn
}

// relayed is a relay and the address of the database behind it.
func relayed(t *testing.T) (*relay, string) {
	t.Helper()
	address, err := url.Parse(storetest.URL(t))
	must(t, err)
	query := address.Query()
	host, port := cmp.Or(query.Get("host"), address.Hostname()), cmp.Or(query.Get("port"), address.Port(), "5432")
	network, server := "tcp", net.JoinHostPort(host, port)
	if strings.HasPrefix(host, "/") {
		network, server = "unix", host+"/.s.PGSQL."+port
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	r := &relay{Listener: listener}
	t.Cleanup(r.cut)
	go func() {
		for {
			near, err := listener.Accept()
			if err != nil {
				return
			}
			far, err := net.Dial(network, server)
			if err != nil {
				_ = near.Close() // the store sees that it is cut off
				continue
			}
			r.Lock()
			r.open = append(r.open, near, far)
			r.Unlock()
			go func() { _, _ = io.Copy(near, far) }() // ends when either is closed
			go func() { _, _ = io.Copy(far, near) }()
		}
	}()
	query.Set("host", "127.0.0.1")
	_, local, err := net.SplitHostPort(listener.Addr().String())
	must(t, err)
	query.Set("port", local)
	if address.Host != "" {
		address.Host = listener.Addr().String()
		query.Del("host")
		query.Del("port")
	}
	address.RawQuery = query.Encode()
	return r, address.String()
}

// cut closes every connection and takes no more.
func (r *relay) cut() {
	_ = r.Close() // cut before, by the test
	r.Lock()
	defer r.Unlock()
	for _, c := range r.open {
		_ = c.Close()
	}
}

func TestADatabaseThatWentAwayIsNamedAsSuch(t *testing.T) {
	t.Parallel()
	line, address := relayed(t)
	s, err := store.Open(t.Context(), address)
	must(t, err)
	defer func() { must(t, s.Close()) }()
	_, err = s.User(t.Context(), "u-1")
	if casework.KindOf(err) != casework.NotFound {
		t.Fatalf("before: %v", err)
	}
	line.cut()
	_, _, session := s.Sessions().FindCtx(t.Context(), "token")
	_, user := s.User(t.Context(), "u-1")
	_, step := s.RecordInspection(t.Context(), casework.InspectionRecord{ID: "i-1", Status: casework.InspectionDrawing})
	for _, err := range []error{session, user, step} {
		e, ok := errors.AsType[*casework.Error](err)
		if !ok || e.Code != casework.CodeDatabaseAway || e.Kind != casework.Internal || strings.Contains(casework.Words(err)+casework.WordsZh(err), "dial") {
			t.Errorf("away: %#v", err)
		}
	}
}
