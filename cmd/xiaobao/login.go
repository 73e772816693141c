package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"xiaobao/casework"
)

// loginCommand logs a person in on this machine.
func loginCommand() *cobra.Command {
	var login string
	cmd := &cobra.Command{
		Use:   "login",
		Short: "Log in for the commands that work with a running system",
		Long: "Log in with the same name and password as in the console. The password is asked for, or read\n" +
			"from standard input where that is no terminal. A token is kept in XIAOBAO_HOME, readable by you only.",
		GroupID: "online",
		Example: "  xiaobao login --user officer\n  printf %s \"$PASSWORD\" | xiaobao login --user officer",
		Args:    noArgs,
		RunE: func(cmd *cobra.Command, _ []string) (err error) {
			s, err := connect(cmd.Context(), "cli")
			if err != nil {
				return err
			}
			defer func() { err = errors.Join(err, s.close()) }()
			password, err := askPassword(cmd.InOrStdin(), cmd.ErrOrStderr())
			if err != nil {
				return err
			}
			u, err := s.desk.Login(cmd.Context(), login, password, "cli", "cli")
			if err != nil {
				return err
			}
			token, err := s.desk.IssueToken(cmd.Context(), u)
			if err != nil {
				return err
			}
			file := tokenFile(s.home)
			if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
				return err
			}
			if err := os.WriteFile(file, []byte(token+"\n"), 0o600); err != nil {
				return err
			}
			_, err = fmt.Fprintf(cmd.OutOrStdout(), "logged in as %s (%s)\n", u.Login, u.Role)
			return err
		},
	}
	cmd.Flags().StringVar(&login, "user", "", "login name")
	cobra.CheckErr(cmd.MarkFlagRequired("user"))
	return cmd
}

// askPassword reads a password without echo, or a line of standard input.
func askPassword(in io.Reader, prompt io.Writer) (string, error) {
	if f, ok := in.(*os.File); ok && term.IsTerminal(int(f.Fd())) {
		if _, err := fmt.Fprint(prompt, "Password: "); err != nil {
			return "", err
		}
		text, err := term.ReadPassword(int(f.Fd()))
		_, _ = fmt.Fprintln(prompt) // the terminal did not echo the line's end
		return string(text), err
	}
	line, err := bufio.NewReader(io.LimitReader(in, 4096)).ReadString('\n')
	if err != nil && !errors.Is(err, io.EOF) {
		return "", err
	}
	if line = strings.TrimRight(line, "\r\n"); line == "" {
		return "", casework.Errorf(casework.Invalid, "no password was given on standard input")
	}
	return line, nil
}
