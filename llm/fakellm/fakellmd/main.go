// Command fakellmd runs the fake model endpoint as a program of its own, for
// tests of the whole system. It prints its address and runs until it is told
// to end.
//
//	fakellmd --dialect deepseek --fault limit_seconds,fences
//
// GET /journal gives what came, GET /verdict what the client did wrong; POST
// /faults scripts more faults and POST /gold registers personal data that no
// request may hold, one a line each.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"slices"
	"strings"
	"syscall"

	"xiaobao/llm/fakellm"
)

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "fakellmd:", err)
		os.Exit(1)
	}
}

func run() error {
	listen := flag.String("listen", "127.0.0.1:0", "address to listen on")
	dialect := flag.String("dialect", "openai", fmt.Sprint("vendor to behave as: ", fakellm.Dialects()))
	key := flag.String("key", "", "key that clients must show; empty: none")
	model := flag.String("model", "", "the only model it serves; empty: any")
	faults := flag.String("fault", "", "faults of the first requests, with commas between: "+strings.Join(fakellm.Faults(), " "))
	flag.Parse()
	if !slices.Contains(fakellm.Dialects(), fakellm.Dialect(*dialect)) {
		return fmt.Errorf("there is no dialect %q; there are %v", *dialect, fakellm.Dialects())
	}
	var steps []fakellm.Step
	for _, name := range strings.FieldsFunc(*faults, func(r rune) bool { return r == ',' || r == ' ' }) {
		step, err := fakellm.FaultNamed(name)
		if err != nil {
			return err
		}
		steps = append(steps, step)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	s, err := fakellm.Start(fakellm.Options{Listen: *listen, Dialect: fakellm.Dialect(*dialect), Key: *key, Model: *model})
	if err != nil {
		return err
	}
	defer s.Close()
	s.Next(steps...)
	fmt.Println(s.URL)
	<-ctx.Done()
	return nil
}
