package main

import "github.com/spf13/cobra"

// benchCommand measures.
func benchCommand() *cobra.Command {
	bench := &cobra.Command{
		Use:     "bench",
		Short:   "Measure how fast this machine does it",
		GroupID: "offline",
		Example: "  xiaobao bench screen --json",
		Args:    noArgs,
		RunE:    func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	bench.AddCommand(benchmarks()...)
	return bench
}

// benchmarks are all there are. One line each.
func benchmarks() []*cobra.Command {
	return []*cobra.Command{
		benchScreenCommand(),
		benchInspectCommand(),
	}
}
