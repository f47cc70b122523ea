// Package live is what the students' page asks of the model: settings in, frames out. The server and
// the WebAssembly program share it, so that both give the numbers of the command line. It reads no
// files and draws nothing; what it hands out is plain data, ready for JSON.
package live
