package localstack

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sort"
	"strings"
	"syscall"
	"time"
)

// A Record says which process is a part. It names the process by more than
// its id, because ids are used again.
type Record struct {
	Name        string         `json:"name"`
	PID         int            `json:"pid"`
	Started     string         `json:"started"` // clock ticks since boot
	Boot        string         `json:"boot"`
	Since       time.Time      `json:"since"`
	Address     string         `json:"address,omitempty"`
	Order       int            `json:"order"`       // parts are stopped in reverse
	Fingerprint string         `json:"fingerprint"` // of the command and the program's file
	StopSignal  syscall.Signal `json:"stop_signal"`
	StopWithin  time.Duration  `json:"stop_within"`
}

// identify records a live process; false when it is gone already.
func identify(pid int) (Record, bool) {
	stat, alive := readStat(pid)
	return Record{PID: pid, Started: stat.started, Boot: bootID(), Since: time.Now().Truncate(time.Millisecond)}, alive
}

// alive reports whether exactly this process still runs.
func (r Record) alive() bool {
	if r.PID <= 0 || r.Boot != bootID() {
		return false
	}
	stat, alive := readStat(r.PID)
	return alive && stat.started == r.Started
}

func (h Home) keepRecord(r Record) error {
	raw, err := json.MarshalIndent(r, "", "  ")
	if err != nil {
		return fmt.Errorf("record of %s: %w", r.Name, err)
	}
	return writeFile(h.recordFile(r.Name), append(raw, '\n'), 0o644)
}

func (h Home) dropRecord(name string) error {
	if err := os.Remove(h.recordFile(name)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("record of %s: %w", name, err)
	}
	return nil
}

// running gives the record of a part if its process is alive. A record of a
// dead or foreign process counts as none.
func (h Home) running(name string) (Record, bool) {
	var r Record
	raw, err := os.ReadFile(h.recordFile(name))
	if err == nil && json.Unmarshal(raw, &r) == nil && r.alive() {
		return r, true
	}
	return h.stray(name)
}

// stray finds a process of this home that was started but never recorded,
// because the command that started it was killed in between.
func (h Home) stray(name string) (Record, bool) {
	mine := map[int]bool{}
	for _, pid := range processes() {
		if tagged(pid, h.tag(name)) {
			mine[pid] = true
		}
	}
	for pid := range mine {
		stat, alive := readStat(pid)
		if !alive || mine[stat.parent] { // a child of the part, not the part
			continue
		}
		if r, ok := identify(pid); ok {
			r.Name, r.StopSignal = name, syscall.SIGTERM
			return r, true
		}
	}
	return Record{}, false
}

// allRunning lists the parts that run, last started first.
func (h Home) allRunning() []Record {
	files, err := filepath.Glob(h.path("run", "*.json"))
	if err != nil {
		return nil
	}
	var all []Record
	for _, file := range files {
		if r, ok := h.running(strings.TrimSuffix(filepath.Base(file), ".json")); ok {
			all = append(all, r)
		}
	}
	sort.Slice(all, func(i, j int) bool {
		if all[i].Order != all[j].Order {
			return all[i].Order > all[j].Order
		}
		return all[i].Name < all[j].Name
	})
	return all
}
