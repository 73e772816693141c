package fakellm

import (
	"net"
	"sync"
	"testing"
)

// Stall listens where a server with TLS could be and never says a word. It
// gives the base URL.
func Stall(t testing.TB) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var mu sync.Mutex
	var taken []net.Conn
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		for {
			conn, err := l.Accept()
			if err != nil {
				return // the test has ended
			}
			mu.Lock()
			taken = append(taken, conn)
			mu.Unlock()
		}
	}()
	t.Cleanup(func() {
		_ = l.Close()
		<-ended
		for _, conn := range taken {
			_ = conn.Close()
		}
	})
	return "https://" + l.Addr().String() + "/v1"
}
