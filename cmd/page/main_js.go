//go:build js && wasm

// Command page is the engine of the students' page as WebAssembly: it runs in a Web Worker, and what
// it is asked and answers are plain texts. It holds no tables of England: the page fetches one place.
package main

import (
	"context"
	"encoding/json"
	"strings"
	"syscall/js"

	"coexist/sim/live"
)

// main offers the engine to the worker as two functions and waits:
//
//	coexistWorld(name, text)             keeps a place; returns what is wrong with it, or ""
//	coexistDo(what, settings, hand)      does what is asked and calls hand(kind, text) with each answer;
//	                                     the last is of kind "done" or "fault"
func main() {
	worlds := map[string]live.World{}
	js.Global().Set("coexistWorld", js.FuncOf(func(_ js.Value, args []js.Value) any {
		w, err := live.ReadWorld(strings.NewReader(args[1].String()))
		if err != nil {
			return err.Error()
		}
		clear(worlds) // one place at a time
		worlds[args[0].String()] = w
		return ""
	}))
	js.Global().Set("coexistDo", js.FuncOf(func(_ js.Value, args []js.Value) any {
		hand := args[2]
		err := do(args[0].String(), args[1].String(), worlds, func(kind, text string) { hand.Invoke(kind, text) })
		if err != nil {
			hand.Invoke("fault", err.Error())
			return nil
		}
		hand.Invoke("done", "")
		return nil
	}))
	js.Global().Call("coexistReady")
	select {}
}

// do does one thing that the page asks for.
func do(what, settings string, worlds map[string]live.World, hand func(kind, text string)) error {
	s, err := live.Parse([]byte(settings))
	if err != nil {
		return err
	}
	w, ok := worlds[s.Place]
	if !ok {
		return &live.Fault{Field: "place", Text: "it has not been loaded"}
	}
	return live.Do(context.Background(), what, s, w, func(kind string, v any) error {
		if text, ok := v.(string); ok {
			hand(kind, text)
			return nil
		}
		text, err := json.Marshal(v)
		if err == nil {
			hand(kind, string(text))
		}
		return err
	})
}
