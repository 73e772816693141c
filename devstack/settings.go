package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"net/netip"
	"path/filepath"
	"slices"
)

// settings are what the command line chooses.
type settings struct {
	db        string
	ip        netip.Addr
	port      int
	uiPort    int
	namespace string
	logLevel  string
}

// readSettings reads the command line; its error is fit to be shown as it is.
func readSettings(args []string, help io.Writer) (settings, error) {
	var s settings
	var ip string
	flags := flag.NewFlagSet("devstack", flag.ContinueOnError)
	flags.SetOutput(help)
	flags.StringVar(&s.db, "db", "", "`file` that keeps everything; made when missing")
	flags.StringVar(&ip, "ip", "127.0.0.1", "loopback `address` to listen on")
	flags.IntVar(&s.port, "port", 7233, "`port` of the Temporal frontend (gRPC)")
	flags.IntVar(&s.uiPort, "ui-port", 8233, "`port` of the web interface; 0 leaves it out")
	flags.StringVar(&s.namespace, "namespace", "default", "`name` of the namespace made on first start")
	flags.StringVar(&s.logLevel, "log-level", "warn", "`level` debug, info, warn or error")
	if err := flags.Parse(args); err != nil {
		return s, err
	}
	if flags.NArg() > 0 {
		return s, fmt.Errorf("unexpected argument %q; see --help", flags.Arg(0))
	}
	addr, err := netip.ParseAddr(ip)
	if err != nil {
		return s, fmt.Errorf("--ip: %q is not an IP address", ip)
	}
	s.ip = addr
	return s, s.check()
}

// check refuses what cannot work, and what would be unsafe: nobody has to
// log in here, so that only this machine may reach it.
func (s *settings) check() error {
	if s.db == "" {
		return errors.New("--db is needed: the file that keeps everything")
	}
	abs, err := filepath.Abs(s.db)
	if err != nil {
		return fmt.Errorf("--db: %w", err)
	}
	s.db = abs
	if !s.ip.IsLoopback() {
		return fmt.Errorf("--ip: %s is not a loopback address, and nobody has to log in here; run the official Temporal Server for a network", s.ip)
	}
	if s.port < 1 || s.port > 65535 {
		return fmt.Errorf("--port: %d is not between 1 and 65535", s.port)
	}
	if s.uiPort < 0 || s.uiPort > 65535 {
		return fmt.Errorf("--ui-port: %d is not between 0 and 65535", s.uiPort)
	}
	if s.namespace == "" {
		return errors.New("--namespace: a name is needed")
	}
	if !slices.Contains([]string{"debug", "info", "warn", "error"}, s.logLevel) {
		return fmt.Errorf("--log-level: %q is none of debug, info, warn, error", s.logLevel)
	}
	return nil
}

// frontend is where workers and clients connect.
func (s settings) frontend() string {
	return netip.AddrPortFrom(s.ip, uint16(s.port)).String()
}

// ui is where people look.
func (s settings) ui() string {
	return netip.AddrPortFrom(s.ip, uint16(s.uiPort)).String()
}
