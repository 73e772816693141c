package main

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"os"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"xiaobao/casework"
	"xiaobao/llm"
	"xiaobao/privacy"
)

// llmCommand is about language models.
func llmCommand() *cobra.Command {
	models := &cobra.Command{
		Use:     "llm",
		Short:   "Try the language models that are configured (大语言模型)",
		GroupID: "offline",
		Example: "  xiaobao llm doctor",
		Args:    noArgs,
		RunE:    func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	models.AddGroup(&cobra.Group{ID: "online", Title: "With a running system:"})
	models.AddCommand(llmDoctorCommand(), llmStatusCommand(), llmSwitchCommand(true), llmSwitchCommand(false), llmCallsCommand())
	return models
}

func llmDoctorCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "doctor",
		Short: "Try what each configured model can do",
		Long: "Try what each configured model can do: whether it answers, in which form, whether it stops thinking\n" +
			"aloud, says what it used, and which model answers in truth. It asks some seven small questions that hold\n" +
			"nobody's words. The exit status is 0 only if all that are configured can be worked with.\n\n" +
			"Models are configured by XIAOBAO_LLM_BASE_URL, XIAOBAO_LLM_MODEL, XIAOBAO_LLM_DIALECT and others; a second one\n" +
			"by XIAOBAO_LLM2_… See docs/operations.md.",
		Example: "  XIAOBAO_LLM_BASE_URL=http://127.0.0.1:11434/v1 XIAOBAO_LLM_MODEL=qwen3:8b XIAOBAO_LLM_DIALECT=ollama xiaobao llm doctor",
		Args:    noArgs,
	}
	asJSON := cmd.Flags().Bool("json", false, "print JSON")
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		cards, err := examineModels(cmd.Context(), os.Getenv)
		if err != nil {
			return err
		}
		if *asJSON {
			err = printJSON(cmd.OutOrStdout(), cards)
		} else {
			err = printCards(cmd.OutOrStdout(), cards)
		}
		for _, card := range cards {
			if err == nil && !card.Usable() {
				err = casework.Errorf(casework.Internal, "the %s model cannot be worked with as it is configured; its card says why", card.Endpoint)
			}
		}
		return err
	}
	return cmd
}

// examineModels tries the configured models one after the other.
func examineModels(ctx context.Context, getenv func(string) string) ([]llm.Card, error) {
	endpoints, err := llm.ReadEndpoints(getenv)
	if err != nil {
		return nil, err
	}
	if len(endpoints) == 0 {
		return nil, casework.Errorf(casework.NotFound, "no language model is configured, and none is needed. To use one, set XIAOBAO_LLM_BASE_URL (like "+
			"https://api.example.com/v1), XIAOBAO_LLM_MODEL, XIAOBAO_LLM_DIALECT (one of %v) and, if it wants one, XIAOBAO_LLM_API_KEY", llm.Dialects())
	}
	var cards []llm.Card
	for _, e := range endpoints {
		m, err := llm.Open(e, llm.NewMemory(), privacy.NewMasker(nil))
		if err != nil {
			return nil, err
		}
		cards = append(cards, m.Doctor(ctx))
	}
	return cards, nil
}

// printCards prints the cards for people.
func printCards(w io.Writer, cards []llm.Card) error {
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	for i, c := range cards {
		if i > 0 {
			fmt.Fprintln(table)
		}
		fmt.Fprintf(table, "model\t%s: %s at %s, dialect %s\n", c.Endpoint, c.Asked, c.Address, c.Dialect)
		fmt.Fprintf(table, "answered as\t%s\n", cmp.Or(c.Answered, "–"))
		fmt.Fprintf(table, "took\t%s\n", c.Took.Round(time.Millisecond))
		fmt.Fprintf(table, "prices\t%s\n", priceLine(c.Prices))
		for _, line := range []struct {
			name string
			f    llm.Finding
		}{
			{"reachable", c.Reachable}, {"as we ask", c.Ours}, {"json_schema", c.Schema}, {"json_object", c.Object},
			{"thinking off", c.Quiet}, {"counts tokens", c.Usage}, {"seed", c.Seed}, {"logprobs", c.LogProbs},
		} {
			fmt.Fprintf(table, "%s\t%s\n", line.name, findingLine(line.f))
		}
		if c.Warning != "" {
			fmt.Fprintf(table, "warning\t%s\n", c.Warning)
		}
	}
	return table.Flush()
}

func findingLine(f llm.Finding) string {
	word := "no"
	if f.OK {
		word = "yes"
	}
	if f.Note != "" {
		word += ": " + f.Note
	}
	return word
}

// priceLine says what a model costs, and where that is from.
func priceLine(p llm.Price) string {
	if p.Currency == "" {
		return p.Version + ": counted as free; set XIAOBAO_LLM_PRICE=in,hit,out,currency if it is not"
	}
	line := fmt.Sprintf("%g in, %g from its cache, %g out (%s per million tokens; %s)", p.In, p.Hit, p.Out, p.Currency, p.Version)
	if p.Peak > 0 {
		line += fmt.Sprintf(", ×%g on weekdays 9–12 and 14–18 Beijing time", p.Peak)
	}
	return line
}
