package main

import (
	"bufio"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"unicode/utf8"

	"github.com/spf13/cobra"

	"xiaobao/casework"
	"xiaobao/screening"
)

// reviewCommand reviews marketing material.
func reviewCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "review FILE... | --jsonl FILE",
		Short: "Review marketing material (营销宣传审查)",
		Long: "Review marketing material: risky wording by category, and disclosures that are missing for the\n" +
			"product and channel. Each file is one material, UTF-8 text; - is standard input. With --jsonl, each\n" +
			`line of the file is one: {"id","product","channel","text"}. One JSON object a material is printed.`,
		Example: "  xiaobao review --product consumer_loan --channel sms_push poster.txt\n  xiaobao review --jsonl materials.jsonl",
		GroupID: "offline",
	}
	rules := rulesFlag(cmd)
	product := cmd.Flags().String("product", "", "product that the material is for, as the rulebook's disclosures name it")
	channel := cmd.Flags().String("channel", "", "channel that the material is for, such as sms_push")
	lines := cmd.Flags().String("jsonl", "", "file of materials, one JSON object a line; - is standard input")
	cmd.RunE = func(cmd *cobra.Command, files []string) error {
		if (*lines == "") == (len(files) == 0) {
			return casework.Errorf(casework.Invalid, "name files to review, or one with --jsonl")
		}
		engine, err := openEngine(*rules)
		if err != nil {
			return err
		}
		given := screening.Material{Product: *product, Channel: casework.Channel(*channel)}
		if err := checkMaterial(given, engine); err != nil {
			return err
		}
		out := bufio.NewWriter(cmd.OutOrStdout())
		if *lines != "" {
			err = reviewLines(cmd.Context(), engine, *lines, given, cmd.InOrStdin(), out, cmd.ErrOrStderr())
		} else {
			err = reviewFiles(engine, files, given, cmd.InOrStdin(), out)
		}
		return errors.Join(err, out.Flush())
	}
	return cmd
}

// reviewedMaterial is one line of output.
type reviewedMaterial struct {
	ID     string `json:"id,omitempty"`
	File   string `json:"file,omitempty"`
	SHA256 string `json:"sha256"`
	screening.Review
}

// checkMaterial refuses a channel or product that no rule could be about.
func checkMaterial(m screening.Material, engine *screening.Engine) error {
	if err := checkChannel(m); err != nil || m.Product == "" || slices.Contains(engine.Products(), m.Product) {
		return err
	}
	return casework.Errorf(casework.Invalid, "there is no product %q; use one of %v", m.Product, engine.Products())
}

func checkChannel(m screening.Material) error {
	if m.Channel == "" || m.Channel.Known() {
		return nil
	}
	return casework.Errorf(casework.Invalid, "there is no channel %q; use one of %v", m.Channel, casework.Channels())
}

func reviewFiles(engine *screening.Engine, files []string, given screening.Material, stdin io.Reader, out io.Writer) error {
	screener := engine.NewScreener()
	for _, name := range files {
		text, err := readMaterial(name, stdin)
		if err != nil {
			return err
		}
		given.Text = string(text)
		if err := printReview(screener, given, name, out); err != nil {
			return err
		}
	}
	return nil
}

// readMaterial reads a file that must be text.
func readMaterial(name string, stdin io.Reader) (text []byte, err error) {
	in, _, err := openInput([]string{name}, stdin)
	if err != nil {
		return nil, err
	}
	text, err = io.ReadAll(io.LimitReader(in, maxLine+1))
	err = errors.Join(err, in.Close())
	switch {
	case errors.Is(err, os.ErrPermission):
		return nil, casework.Errorf(casework.Denied, "%s may not be read", name)
	case err != nil:
		return nil, err
	case len(text) > maxLine:
		return nil, casework.Errorf(casework.Invalid, "%s is longer than 16 MiB; is it text?", name)
	case !utf8.Valid(text):
		return nil, casework.Errorf(casework.Invalid, "%s is not UTF-8 text; convert it, for example with: iconv -f GB18030 -t UTF-8", name)
	}
	return text, nil
}

func reviewLines(ctx context.Context, engine *screening.Engine, name string, given screening.Material, stdin io.Reader, out, notes io.Writer) error {
	in, size, err := openInput([]string{name}, stdin)
	if err != nil {
		return err
	}
	screener, lines := engine.NewScreener(), newJSONLines(withProgress(in, size, "reviewing"))
	unknown := map[string]bool{}
	for ctx.Err() == nil {
		line, err := lines.next()
		if errors.Is(err, io.EOF) {
			return in.Close()
		}
		material := given
		if err == nil {
			err = line.decode(&material)
		}
		if err == nil {
			if err = checkChannel(material); err != nil {
				err = line.at(err)
			}
		}
		if product := material.Product; err == nil && product != "" && !unknown[product] && checkMaterial(material, engine) != nil {
			unknown[product] = true
			fmt.Fprintf(notes, "xiaobao: line %d: the rulebook knows no product %q; only what any product must show was looked for\n", line.number, product)
		}
		if err == nil {
			err = printReview(screener, material, "", out)
		}
		if err != nil {
			return errors.Join(err, in.Close())
		}
	}
	return errors.Join(ctx.Err(), in.Close())
}

func printReview(screener *screening.Screener, m screening.Material, file string, out io.Writer) error {
	sum := sha256.Sum256([]byte(m.Text))
	review := reviewedMaterial{ID: m.ID, File: file, SHA256: hex.EncodeToString(sum[:]), Review: screener.Review(m)}
	if err := screener.Faults(); err != nil {
		return err
	}
	enc := json.NewEncoder(out)
	enc.SetEscapeHTML(false)
	return enc.Encode(review)
}
