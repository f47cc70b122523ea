package main

import "github.com/spf13/cobra"

func newRun(args []string) *cobra.Command { return &cobra.Command{Use: "run"} }
func newInit() *cobra.Command             { return &cobra.Command{Use: "init"} }
func newCheck() *cobra.Command            { return &cobra.Command{Use: "check"} }
func newList() *cobra.Command             { return &cobra.Command{Use: "list"} }
func newExplain() *cobra.Command          { return &cobra.Command{Use: "explain"} }
func newSchema() *cobra.Command           { return &cobra.Command{Use: "schema"} }
