package console

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"strings"
	"time"

	"xiaobao/casework"
)

// inspectionProgress is the part of the case page that changes by itself.
func (c *Console) inspectionProgress(v *visit) (reply, error) {
	found, err := c.Desk.Inspection(v.Context(), v.User, v.PathValue("id"))
	if err != nil {
		return reply{}, err
	}
	return fragment("inspection", "progress", found)
}

// inspectionEvents sends that part whenever it changes, until the inspection
// is final or the browser leaves. A change of status is an event of its own,
// because then the page offers other actions.
func (c *Console) inspectionEvents(v *visit) (reply, error) {
	first, err := c.Desk.Inspection(v.Context(), v.User, v.PathValue("id"))
	if err != nil {
		return reply{}, err
	}
	return reply{stream: func(w http.ResponseWriter, r *http.Request) error {
		out := events{writer: w, control: http.NewResponseController(w)}
		if err := out.open(); err != nil {
			return err
		}
		return c.follow(r.Context(), v, first, out)
	}}, nil
}

// heartbeat is how many looks without news pass before a sign of life.
const heartbeat = 15

func (c *Console) follow(ctx context.Context, v *visit, last casework.Inspection, out events) error {
	if err := c.sendProgress(v, last, out); err != nil {
		return err
	}
	// The inspection may have moved on between the page and its stream.
	if shown := v.URL.Query().Get("shown"); shown != "" && shown != string(last.Status) {
		return out.send("status", string(last.Status))
	}
	if last.Status.Final() {
		return nil
	}
	ticker := time.NewTicker(c.Poll)
	defer ticker.Stop()
	for quiet := 1; ; quiet++ {
		select {
		case <-ctx.Done():
			return nil
		case <-ticker.C:
		}
		now, err := c.Desk.Inspection(ctx, v.User, last.ID)
		switch {
		case err != nil:
			return err
		case now.Status != last.Status:
			if err := c.sendProgress(v, now, out); err != nil {
				return err
			}
			return out.send("status", string(now.Status))
		case now.Progress != last.Progress || now.Counts != last.Counts:
			err, quiet = c.sendProgress(v, now, out), 0
		case quiet%heartbeat == 0:
			if !v.stillActive() {
				return nil
			}
			err = out.comment("still here")
		}
		if err != nil {
			return err
		}
		last = now
	}
}

// stillActive asks again who the visitor is: a stream may outlive an account
// and a password.
func (v *visit) stillActive() bool {
	u, err := v.console.Desk.User(v.Context(), v.User.ID, via)
	return err == nil && u.Active && v.current(u)
}

func (c *Console) sendProgress(v *visit, i casework.Inspection, out events) error {
	var body bytes.Buffer
	if err := c.pages[v.Lang].render(&body, reply{template: "inspection", fragment: "progress", data: i}); err != nil {
		return err
	}
	return out.send("progress", body.String())
}

// events writes server-sent events.
type events struct {
	writer  http.ResponseWriter
	control *http.ResponseController
}

func (e events) open() error {
	h := e.writer.Header()
	h.Set("Content-Type", "text/event-stream")
	h.Set("X-Accel-Buffering", "no") // a proxy must not hold events back
	e.writer.WriteHeader(http.StatusOK)
	// The stream lives longer than the server lets an answer take; a writer
	// that knows no deadline, as in tests, needs none lifted.
	_ = e.control.SetWriteDeadline(time.Time{})
	return e.control.Flush()
}

func (e events) send(name, data string) error {
	var event strings.Builder
	event.WriteString("event: " + name + "\n")
	for line := range strings.SplitSeq(strings.TrimSpace(data), "\n") {
		event.WriteString("data: " + strings.TrimRight(line, "\r") + "\n")
	}
	return e.write(event.String() + "\n")
}

func (e events) comment(text string) error { return e.write(": " + text + "\n\n") }

func (e events) write(text string) error {
	if _, err := fmt.Fprint(e.writer, text); err != nil {
		return err
	}
	return e.control.Flush()
}
