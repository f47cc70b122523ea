package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"coexist/cmd/coexist/server"
	"coexist/plots/page"
	"coexist/sim/live"
	"coexist/sim/place"
	"coexist/sim/place/england"
)

// dataNote must be shown wherever the data, or pictures made from them, are shown; a test holds it to
// sim/place/england/LICENCE.md.
const dataNote = "Contains public sector information licensed under the Open Government Licence v3.0. Source: Office for National " +
	"Statistics. Contains NHS England, NHS Digital, OHID and MHCLG data, OGL v3.0. Contains OS data (c) Crown copyright and " +
	"database right 2014, 2021, 2024. Contains Royal Mail data (c) Royal Mail copyright and database right 2014. Contains " +
	"Parliamentary information licensed under the Open Parliament Licence v3.0. Travel-time summaries made from OpenStreetMap " +
	"data (c) OpenStreetMap contributors, ODbL. Place names: GeoNames, CC BY 4.0."

// closing is how long clients have to finish when the server ends.
const closing = 3 * time.Second

// newServe makes the verb that serves the students' page.
func newServe() *cobra.Command {
	var address string
	var hosts []string
	c := &cobra.Command{
		Use:   "serve",
		Short: "Serve the students' page on this machine, with the engine at full speed",
		Long: "Serves the students' page: choose a place and a system, set the rules, press Run. The engine runs here and\n" +
			"streams what happens. It listens on this machine alone unless --listen says otherwise. Ends with ctrl-c.",
		Example: "  coexist serve\n  coexist serve --listen 127.0.0.1:9000",
		Args:    arguments(0, 0, "none"),
		RunE: func(c *cobra.Command, _ []string) error {
			return serve(c, address, hosts)
		},
	}
	c.Flags().StringVar(&address, "listen", "127.0.0.1:8080", "address and port to listen on; port 0 takes a free one")
	c.Flags().StringArrayVar(&hosts, "host", nil, "name by which browsers on other machines may call this server; repeat for more")
	return c
}

// serve serves until it is stopped.
func serve(c *cobra.Command, address string, more []string) error {
	hosts, open, err := hostsOf(address, more)
	if err != nil {
		return err
	}
	e, err := place.Read(england.FS())
	if err != nil {
		return err
	}
	catalogue, err := live.NewCatalogue(e, "server", version, dataNote)
	if err != nil {
		return err
	}
	s, err := server.New(server.Options{England: e, Catalogue: catalogue, Page: page.Files(), Hosts: hosts})
	if err != nil {
		return err
	}
	l, err := server.Listen(address)
	if err != nil {
		return wrong("--listen %s: %v", address, err)
	}
	if open {
		fmt.Fprintln(c.ErrOrStderr(), "coexist: warning: this address can be reached from other machines; whoever reaches it can make this one work")
	}
	fmt.Fprintf(c.OutOrStdout(), "http://%s/\n", shownAddress(l.Addr()))
	fmt.Fprintln(c.ErrOrStderr(), "serving the students' page; ctrl-c ends it")
	ctx, stop := context.WithCancel(c.Context())
	defer stop()
	s.BaseContext = func(net.Listener) context.Context { return ctx }
	done := make(chan error, 1)
	go func() { done <- s.Serve(l) }()
	select {
	case err := <-done:
		return err
	case <-ctx.Done():
	}
	end, cancel := context.WithTimeout(context.WithoutCancel(ctx), closing)
	defer cancel()
	if err := s.Shutdown(end); err != nil {
		s.Close()
	}
	if err := <-done; !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}

// hostsOf lists the names by which the server goes, and whether other machines can reach it.
func hostsOf(address string, more []string) (hosts []string, open bool, err error) {
	name, _, err := net.SplitHostPort(address)
	if err != nil {
		return nil, false, wrong("--listen %s: want an address and a port such as 127.0.0.1:8080", address)
	}
	hosts = []string{"localhost", "127.0.0.1", "::1"}
	ip := net.ParseIP(name)
	if !strings.EqualFold(name, "localhost") && (ip == nil || !ip.IsLoopback()) {
		open = true
		if name != "" && (ip == nil || !ip.IsUnspecified()) {
			hosts = append(hosts, name)
		} else {
			hosts = append(hosts, ownAddresses()...)
		}
	}
	return append(hosts, more...), open, nil
}

// ownAddresses lists the addresses and the name of this machine.
func ownAddresses() []string {
	var list []string
	if name, err := os.Hostname(); err == nil {
		list = append(list, name)
	}
	addresses, err := net.InterfaceAddrs()
	if err != nil {
		return list
	}
	for _, a := range addresses {
		if n, ok := a.(*net.IPNet); ok {
			list = append(list, n.IP.String())
		}
	}
	return list
}

// shownAddress is an address as a browser takes it.
func shownAddress(a net.Addr) string {
	host, port, err := net.SplitHostPort(a.String())
	if err != nil {
		return a.String()
	}
	if ip := net.ParseIP(host); ip != nil && ip.IsUnspecified() {
		host = "localhost"
	}
	return net.JoinHostPort(host, port)
}
