package results

import "errors"

// What can go wrong. Ask with errors.Is: ErrWrite and ErrDamaged are failures (exit code 1), all
// others are wrong input (exit code 2).
var (
	ErrTaken      = errors.New("folder is taken")                   // holds something that is not ours, or another result
	ErrBusy       = errors.New("folder is in use")                  // another process writes it
	ErrUnwritable = errors.New("folder cannot be written")          // no permission, read-only, or a file stands in its way
	ErrNotResult  = errors.New("not a result folder")               // no manifest, or not one that this version reads
	ErrUnfinished = errors.New("result is unfinished")              // stopped before its end
	ErrDamaged    = errors.New("result is damaged")                 // a file is missing, torn or changed
	ErrValue      = errors.New("value cannot be written")           // NaN, Inf, control characters, out of range
	ErrPath       = errors.New("path leaves the folder")            // .., absolute, a link to elsewhere, or a reserved name
	ErrWrite      = errors.New("result could not be written whole") // disk full, device gone
)
