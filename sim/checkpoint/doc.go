// Package checkpoint keeps the state of a run in a file, so that no finished year is lost and one past can
// have several futures.
//
// A file is the magic, the format, a head in JSON with its checksum, and the snapshot of package sim in
// frames of at most 1 MiB, each numbered and with its own CRC-32C, closed by a frame that says how many
// bytes there were. A frame is checked before a byte of it is used, so a file that is torn, changed or
// foreign never reaches the model. Writing and reading go as a stream: nothing holds a second copy of the
// state. A file appears whole or not at all (results.Atomic).
package checkpoint
