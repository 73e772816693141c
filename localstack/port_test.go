package localstack_test

import (
	"net"
	"os"
	"strconv"
	"sync/atomic"
	"testing"

	"xiaobao/localstack"
)

// Ports for tests come from below the range that outgoing connections use: a
// port of that range, free between a kill and a restart, may be gone by then.
const (
	firstTestPort = 20_000
	testPorts     = 12_000
	// between two of them lie some that a part may move to.
	testPortGap = 8
)

var nextTestPort atomic.Int64

func init() { nextTestPort.Store(int64(os.Getpid()) * 61 % testPorts) }

func freePort(t *testing.T) string {
	t.Helper()
	for range testPorts / testPortGap {
		port := strconv.FormatInt(firstTestPort+nextTestPort.Add(testPortGap)%testPorts, 10)
		l, err := net.Listen("tcp", "127.0.0.1:"+port)
		if err != nil {
			continue
		}
		if err := l.Close(); err != nil {
			t.Fatal(err)
		}
		return port
	}
	t.Fatal("there is no free port")
	return ""
}

func freeAddress(t *testing.T) string {
	t.Helper()
	return "127.0.0.1:" + freePort(t)
}

// freePorts chooses every port of a stack.
func freePorts(t *testing.T) map[string]string {
	t.Helper()
	ports := map[string]string{}
	for _, p := range localstack.Ports {
		ports[p.Variable] = freePort(t)
	}
	return ports
}
