// Command coexist simulates competing integrated care systems in real places of England and says
// whether competition and integration can coexist there. Each verb is one file; main alone exits.
package main

import "os"

func main() { os.Exit(execute(os.Args[1:], os.Stdin, os.Stdout, os.Stderr)) }
