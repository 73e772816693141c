package main

import (
	"context"
	"crypto/rand"
	"encoding/base32"
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/spf13/cobra"
	"go.temporal.io/api/enums/v1"
	"go.temporal.io/api/operatorservice/v1"
	"go.temporal.io/api/serviceerror"

	"xiaobao/casework"
	"xiaobao/rulebook"
	"xiaobao/workflows"
)

// setupCommand makes a new installation ready.
func setupCommand() *cobra.Command {
	var adminOnly bool
	cmd := &cobra.Command{
		Use:   "setup",
		Short: "Make a new installation ready: search attributes, local model, first accounts",
		Long: "Register the search attributes in Temporal, make the key that personal data is sealed with, train the\n" +
			"local model where none is active and, in an empty database, make the head office and one\n" +
			"account for each role (officer, reviewer, business, auditor, admin) with one first password, which is\n" +
			"printed once. Safe to run again: what is there stays.",
		GroupID: "system",
		Example: "  xiaobao setup\n  xiaobao setup --admin-only --json",
		Args:    noArgs,
	}
	asJSON := jsonFlag(cmd)
	cmd.Flags().BoolVar(&adminOnly, "admin-only", false, "make only the administrator's account")
	cmd.RunE = func(cmd *cobra.Command, _ []string) (err error) {
		s, err := connect(cmd.Context(), "system")
		if err != nil {
			return err
		}
		defer func() { err = errors.Join(err, s.close()) }()
		if err := s.addSearchAttributes(cmd.Context()); err != nil {
			return err
		}
		if err := makePrivacyKey(s.home, os.Getenv); err != nil {
			return err
		}
		if err := s.ensureLocalModel(cmd.Context(), cmd.ErrOrStderr()); err != nil {
			return err
		}
		first, err := s.firstAccounts(cmd.Context(), adminOnly)
		if err != nil || first.Login == "" {
			return err
		}
		if *asJSON {
			return printJSON(cmd.OutOrStdout(), first)
		}
		_, err = fmt.Fprintf(cmd.OutOrStdout(), "first login %s, password %s\n", first.Login, first.Password)
		return err
	}
	return cmd
}

// addSearchAttributes registers what procedures are found by.
func (s *system) addSearchAttributes(ctx context.Context) error {
	attributes := map[string]enums.IndexedValueType{}
	for name, kind := range workflows.SearchAttributes() {
		attributes[name] = kind
	}
	_, err := s.temporal.OperatorService().AddSearchAttributes(ctx, &operatorservice.AddSearchAttributesRequest{
		SearchAttributes: attributes, Namespace: s.namespace,
	})
	if _, there := errors.AsType[*serviceerror.AlreadyExists](err); there {
		return nil
	}
	return workflows.FromTemporal(err)
}

// A firstLogin is what setup prints.
type firstLogin struct {
	Login    string `json:"login"`
	Password string `json:"password"`
}

// headOffice is the unit a new installation begins with.
const headOffice = "HQ"

// firstAccounts makes the head office and the first accounts, unless there is
// an account already.
func (s *system) firstAccounts(ctx context.Context, adminOnly bool) (firstLogin, error) {
	users, err := s.store.Users(ctx)
	if err != nil || len(users) > 0 {
		return firstLogin{}, err
	}
	if _, err := s.store.Org(ctx, headOffice); casework.KindOf(err) == casework.NotFound {
		if _, err := s.store.AddOrgs(ctx, []casework.Org{{ID: headOffice, Name: "总部", Kind: "head_office"}}); err != nil {
			return firstLogin{}, err
		}
	} else if err != nil {
		return firstLogin{}, err
	}
	password := newPassword()
	roles := []casework.Role{casework.Business, casework.Auditor, casework.Reviewer, casework.Admin, casework.Officer}
	if adminOnly {
		roles = []casework.Role{casework.Admin}
	}
	for _, role := range roles {
		_, err := s.desk.FirstUser(ctx, casework.User{
			Login: string(role), Name: role.Chinese(), Role: role, OrgID: headOffice,
		}, password)
		if err != nil && casework.KindOf(err) != casework.Conflict {
			return firstLogin{}, err
		}
	}
	if adminOnly {
		return firstLogin{Login: string(casework.Admin), Password: password}, nil
	}
	return firstLogin{Login: string(casework.Officer), Password: password}, s.nameRespondents(ctx)
}

// nameRespondents has the first account of the business line answer for every
// kind of unit, until the institution names others.
func (s *system) nameRespondents(ctx context.Context) error {
	for _, kind := range rulebook.Respondents() {
		if err := s.store.SetRespondent(ctx, headOffice, kind, casework.Actor("u-"+casework.Business)); err != nil {
			return err
		}
	}
	return nil
}

// newPassword makes a password that can be typed: four groups of four.
func newPassword() string {
	var b [10]byte
	rand.Read(b[:]) // never fails, by its contract
	text := strings.ToLower(base32.StdEncoding.EncodeToString(b[:]))
	return text[:4] + "-" + text[4:8] + "-" + text[8:12] + "-" + text[12:16]
}
