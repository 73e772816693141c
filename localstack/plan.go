package localstack

import (
	"io"
	"net/url"

	"xiaobao/casework"
)

// Options are what a caller chooses; the zero value works but for Program.
type Options struct {
	Program   string              // our own binary
	Getenv    func(string) string // nil: an empty environment
	Env       []string            // for our programs, added to what they inherit
	FreePorts bool                // move to the next free port instead of refusing
	Sample    bool                // load the sample institution
	Out       io.Writer           // progress; nil: none
}

func (o Options) getenv(name string) string {
	if o.Getenv == nil {
		return ""
	}
	return o.Getenv(name)
}

// Plan settles what to run in a home and on which ports, and remembers it.
func Plan(h Home, o Options) (*Stack, error) {
	s, err := h.State()
	if err != nil {
		return nil, err
	}
	if s.Temporal, err = temporalKind(h, o.getenv); err != nil {
		return nil, err
	}
	database := o.getenv("XIAOBAO_DATABASE_URL")
	s.Postgres = "private"
	if database != "" {
		s.Postgres = elsewhereNote
	}
	skip := map[string]bool{
		"postgres": s.Postgres == elsewhereNote,
		"temporal": s.Temporal == temporalElsewhere, "temporal_ui": s.Temporal == temporalElsewhere,
	}
	if s.Ports, err = h.choosePorts(s.Ports, o.getenv, o.FreePorts, skip); err != nil {
		return nil, err
	}
	s.settleAddresses(o.getenv)
	stack, err := assemble(h, &s, o, database)
	if err != nil {
		return nil, err
	}
	return stack, h.remember(s)
}

// Remembered is the stack as it was last planned, to look at. It changes
// nothing.
func Remembered(h Home, o Options) (*Stack, error) {
	s, err := h.State()
	if err != nil {
		return nil, err
	}
	database, err := h.Secret("database_url")
	if err != nil {
		return nil, err
	}
	if s.Temporal == "" || database == "" {
		return nil, casework.Errorf(casework.NotFound, "nothing was started in %s yet; start it with `xiaobao up`", string(h)).
			InChinese("%s 中还没有启动过系统；请先运行 xiaobao up。", string(h))
	}
	stages := []Stage{{Parts: []Part{elsewherePostgres(database), elsewhereTemporal(s)}}}
	stages = append(stages, productStages(h, s, o, database)...)
	stages[0].Parts[0].Elsewhere = s.Postgres == elsewhereNote
	stages[0].Parts[1].Elsewhere = s.Temporal == temporalElsewhere
	return &Stack{Home: h, Stages: stages, Out: o.Out}, nil
}

// settleAddresses fills in where everything is reached.
func (s *State) settleAddresses(getenv func(string) string) {
	s.Namespace = getenv("TEMPORAL_NAMESPACE")
	if s.Namespace == "" {
		s.Namespace = "default"
	}
	s.Console = address(s.Ports["console"])
	if s.Temporal == temporalElsewhere {
		s.TemporalAddress, s.TemporalUI = getenv("TEMPORAL_ADDRESS"), getenv("XIAOBAO_TEMPORAL_UI")
		return
	}
	s.TemporalAddress = address(s.Ports["temporal"])
	s.TemporalUI = (&url.URL{Scheme: "http", Host: address(s.Ports["temporal_ui"])}).String()
}

// assemble is the list of all that runs. A new part is one more entry here.
func assemble(h Home, s *State, o Options, database string) (*Stack, error) {
	part, database, err := databasePart(h, s, o, database)
	if err != nil {
		return nil, err
	}
	temporal := elsewhereTemporal(*s)
	if s.Temporal != temporalElsewhere {
		if temporal, err = temporalPart(h, *s, o.Program, o.getenv); err != nil {
			return nil, err
		}
	}
	if err := h.keepSecret("database_url", database); err != nil {
		return nil, err
	}
	stages := []Stage{{Parts: []Part{part, temporal}}}
	return &Stack{Home: h, Stages: append(stages, productStages(h, *s, o, database)...), Out: o.Out}, nil
}

// databasePart is the database and its address with the password.
func databasePart(h Home, s *State, o Options, elsewhere string) (Part, string, error) {
	if elsewhere != "" {
		return elsewherePostgres(elsewhere), elsewhere, nil
	}
	p, err := newPostgres(h, s, o.getenv)
	if err != nil {
		return Part{}, "", err
	}
	return p.part(), p.url(databaseName), nil
}
