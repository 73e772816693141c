// Command xiaobao (消保) orchestrates financial consumer protection. This
// package parses flags and environment and wires the rest together; each
// subcommand has a file of its own, and none does any work itself.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"github.com/spf13/cobra"
	"go.temporal.io/sdk/temporal"

	"xiaobao/casework"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	os.Exit(run(ctx, os.Args[1:]))
}

// run executes one command line and gives its exit status.
func run(ctx context.Context, args []string) int {
	root := rootCommand()
	root.SetArgs(args)
	begun := noteBegin(root)
	if err := root.ExecuteContext(ctx); err != nil {
		if !*begun {
			err = asUsage(err)
		}
		fmt.Fprintln(os.Stderr, "xiaobao: "+complaint(err))
		return exitStatus(err)
	}
	return 0
}

// noteBegin notes when a command has got through its flags and arguments.
func noteBegin(root *cobra.Command) *bool {
	begun := new(bool)
	var wrap func(cmd *cobra.Command)
	wrap = func(cmd *cobra.Command) {
		if do := cmd.RunE; do != nil {
			cmd.RunE = func(cmd *cobra.Command, args []string) error {
				*begun = true
				return do(cmd, args)
			}
		}
		for _, child := range cmd.Commands() {
			wrap(child)
		}
	}
	wrap(root)
	return begun
}

// asUsage gives what the flag library complains of the exit status of bad usage.
func asUsage(err error) error {
	if casework.KindOf(err) != casework.Internal {
		return err
	}
	return casework.Errorf(casework.Invalid, "%s; see --help", strings.TrimSpace(strings.ReplaceAll(err.Error(), "\n", " ")))
}

// rootCommand is the table of contents: every subcommand, in the order that
// help shows them.
func rootCommand() *cobra.Command {
	root := &cobra.Command{
		Use:           "xiaobao",
		Short:         "Orchestrates financial consumer protection (消保)",
		Long:          rootHelp,
		SilenceUsage:  true,
		SilenceErrors: true,
	}
	root.SetFlagErrorFunc(func(_ *cobra.Command, err error) error {
		return casework.Errorf(casework.Invalid, "%s; see --help", err)
	})
	root.AddGroup(
		&cobra.Group{ID: "offline", Title: "Commands that need no server:"},
		&cobra.Group{ID: "online", Title: "Commands that work with a running system:"},
		&cobra.Group{ID: "system", Title: "Commands that run the system:"},
	)
	root.AddCommand(subcommands()...)
	return root
}

const rootHelp = `xiaobao (消保) orchestrates financial consumer protection: it screens contacts
with consumers, runs self-inspections, and keeps every decision with its evidence.

Exit status: 0 done; 1 something broke; 2 bad input or usage; 3 not found;
4 conflict with what is there; 5 not permitted; 6 busy, try again.`

// exitStatus tells scripts what kind of error it was.
func exitStatus(err error) int {
	switch casework.KindOf(err) {
	case casework.Invalid:
		return 2
	case casework.NotFound:
		return 3
	case casework.Conflict:
		return 4
	case casework.Denied:
		return 5
	case casework.Busy:
		return 6
	}
	return 1
}

// complaint is what the shell is told. At a terminal, unlike in the console,
// the cause helps; but what a procedure refuses, it has said in full.
func complaint(err error) string {
	if _, refused := errors.AsType[*temporal.ApplicationError](err); refused {
		return casework.Words(err)
	}
	return err.Error()
}
