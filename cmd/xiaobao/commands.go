package main

import "github.com/spf13/cobra"

// subcommands are all there are. One line each.
func subcommands() []*cobra.Command {
	return []*cobra.Command{
		screenCommand(),
		reviewCommand(),
		maskCommand(),
		evalCommand(),
		modelCommand(),
		rulesCommand(),
		llmCommand(),
		loginCommand(),
		inspectCommand(),
		scheduleCommand(),
		touchpointCommand(),
		importCommand(),
		auditCommand(),
		respondentCommand(),
		consultCommand(),
		benchCommand(),
		versionCommand(),
		migrateCommand(), setupCommand(), sampleCommand(), workCommand(), serveCommand(), historyCommand(),
		upCommand(), downCommand(), statusCommand(), resetCommand(),
	}
}
