package main

import "github.com/spf13/cobra"

// modelCommand is about the local model.
func modelCommand() *cobra.Command {
	model := &cobra.Command{
		Use: "model", Short: "Train and publish the small local model (本地模型)", GroupID: "offline", Args: noArgs,
		Example: "  xiaobao model publish char.model",
		RunE:    func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	model.AddGroup(&cobra.Group{ID: "online", Title: "With a running system:"})
	model.AddCommand(modelPublishCommand(), modelLabelsCommand())
	return model
}
