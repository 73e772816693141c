package localstack

import (
	"errors"
	"fmt"
	"net"
	"strconv"

	"xiaobao/casework"
)

// loopback is where everything here listens: nothing is meant for the network.
const loopback = "127.0.0.1"

// A Port is one that a part listens on.
type Port struct {
	Name     string // console, temporal, temporal_ui or postgres
	Part     string // which part holds it while it runs
	Variable string // how a person chooses it
	Usual    int
	Title    string
}

// Ports are all that this system listens on.
var Ports = []Port{
	{"console", "console", "XIAOBAO_PORT_CONSOLE", 8080, "the console"},
	{"temporal", "temporal", "XIAOBAO_PORT_TEMPORAL", 7233, "Temporal"},
	{"temporal_ui", "temporal", "XIAOBAO_PORT_TEMPORAL_UI", 8233, "the Temporal UI"},
	{"postgres", "postgres", "XIAOBAO_PORT_POSTGRES", 5433, "PostgreSQL"},
}

// choosePorts settles every port before anything starts: what is asked for,
// else what was used last, else the usual one. A port that a part of ours
// holds already counts as free for it. With another, takeFree moves to the
// next free port; without it the error says who holds it and what to do.
func (h Home) choosePorts(remembered map[string]int, getenv func(string) string, takeFree bool, skip map[string]bool) (map[string]int, error) {
	chosen, err := wantedPorts(remembered, getenv, skip)
	if err != nil {
		return nil, err
	}
	var problems error
	for _, p := range Ports {
		port, used := chosen[p.Name]
		if !used {
			continue
		}
		_, up := h.running(p.Part)
		if up && port == remembered[p.Name] {
			continue
		}
		twice := others(chosen, p.Name, port)
		if !twice && free(port) {
			continue
		}
		next := nextFree(port, chosen)
		if !takeFree {
			problems = errors.Join(problems, p.taken(port, next, twice))
		}
		chosen[p.Name] = next
	}
	if problems != nil {
		return nil, casework.Errorf(casework.Conflict, "%s\n`make up PORTS=auto`, or `xiaobao up --free-ports`, takes the next free ones by itself", problems).
			InChinese("端口被占用：%s；用 make up PORTS=auto 自动改用空闲端口。", problems)
	}
	return chosen, nil
}

// wantedPorts is the choice before anybody looked whether it can be had.
func wantedPorts(remembered map[string]int, getenv func(string) string, skip map[string]bool) (map[string]int, error) {
	wanted := map[string]int{}
	for _, p := range Ports {
		if skip[p.Name] {
			continue
		}
		port, err := p.wanted(remembered, getenv)
		if err != nil {
			return nil, err
		}
		wanted[p.Name] = port
	}
	return wanted, nil
}

func (p Port) wanted(remembered map[string]int, getenv func(string) string) (int, error) {
	if text := getenv(p.Variable); text != "" {
		port, err := strconv.Atoi(text)
		if err != nil || port < 1 || port > 65535 {
			return 0, casework.Errorf(casework.Invalid, "%s=%s is not a port; give a number from 1 to 65535", p.Variable, text).
				InChinese("%s=%s 不是端口号，请填 1 到 65535 的数字。", p.Variable, text)
		}
		return port, nil
	}
	if port := remembered[p.Name]; port != 0 {
		return port, nil
	}
	return p.Usual, nil
}

// taken says what is in the way.
func (p Port) taken(port, next int, byUs bool) error {
	holder := "another process"
	if pid, err := holderOf(port); err == nil {
		holder = fmt.Sprintf("process %d (%s)", pid, processName(pid))
	}
	if byUs {
		holder = "another part of this system"
	}
	return fmt.Errorf("port %d for %s is taken by %s; stop that, or use the free port %d: %s=%d", port, p.Title, holder, next, p.Variable, next)
}

func free(port int) bool {
	l, err := net.Listen("tcp", address(port))
	if err != nil {
		return false
	}
	_ = l.Close()
	return true
}

// nextFree gives the first free port above that no part of ours wants; 0 when
// there is none.
func nextFree(port int, chosen map[string]int) int {
	for port++; port <= 65535; port++ {
		if !others(chosen, "", port) && free(port) {
			return port
		}
	}
	return 0
}

// others reports whether another part than this one has chosen the port.
func others(chosen map[string]int, name string, port int) bool {
	for other, c := range chosen {
		if other != name && c == port {
			return true
		}
	}
	return false
}

func address(port int) string { return net.JoinHostPort(loopback, strconv.Itoa(port)) }
