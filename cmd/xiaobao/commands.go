package main

import "github.com/spf13/cobra"

// subcommands are all there are. One line each.
func subcommands() []*cobra.Command {
	return []*cobra.Command{
		screenCommand(),
		rulesCommand(),
		benchCommand(),
		versionCommand(),
	}
}
