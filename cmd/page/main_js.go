//go:build js && wasm

// Command page is the engine of the students' page as WebAssembly: it runs in a Web Worker, and what
// it is asked and answers are plain values of JavaScript. It holds no tables of England: the page
// fetches one place. It does without encoding/json, which would be a thirtieth of what a browser loads.
package main

import (
	"bytes"
	"context"
	"fmt"
	"math"
	"reflect"
	"strings"
	"syscall/js"

	"coexist/sim/live"
)

// main offers the engine to the worker as two functions and waits:
//
//	coexistWorld(name, bytes)            keeps a place; returns what is wrong with it, or ""
//	coexistDo(what, settings, hand)      does what is asked and calls hand(kind, value) with each answer;
//	                                     the last is of kind "done" or "fault"
func main() {
	worlds := map[string]live.World{}
	js.Global().Set("coexistWorld", js.FuncOf(func(_ js.Value, args []js.Value) any {
		packed := make([]byte, args[1].Length())
		js.CopyBytesToGo(packed, args[1])
		w, err := live.ReadWorld(bytes.NewReader(packed))
		if err != nil {
			return err.Error()
		}
		clear(worlds) // one place at a time
		worlds[args[0].String()] = w
		return ""
	}))
	js.Global().Set("coexistDo", js.FuncOf(func(_ js.Value, args []js.Value) any {
		hand := args[2]
		err := do(args[0].String(), args[1], worlds, func(kind string, v any) error {
			hand.Invoke(kind, value(reflect.ValueOf(v)))
			return nil
		})
		if err != nil {
			hand.Invoke("fault", err.Error())
			return nil
		}
		hand.Invoke("done")
		return nil
	}))
	js.Global().Call("coexistReady")
	select {}
}

// do does one thing that the page asks for.
func do(what string, settings js.Value, worlds map[string]live.World, out live.Sink) error {
	s, err := read(settings)
	if err != nil {
		return err
	}
	w, ok := worlds[s.Place]
	if !ok {
		return &live.Fault{Field: "place", Text: "it has not been loaded"}
	}
	return live.Do(context.Background(), what, s, w, out)
}

// read reads settings by the names that they have as JSON; what is missing stays zero, for live.Do to
// refuse.
func read(from js.Value) (s live.Settings, err error) {
	into := reflect.ValueOf(&s).Elem()
	for i := range into.NumField() {
		name := into.Type().Field(i).Tag.Get("json")
		v, field := from.Get(name), into.Field(i)
		switch {
		case v.Type() == js.TypeString && field.Kind() == reflect.String:
			field.SetString(v.String())
		case v.Type() == js.TypeNumber && field.CanInt() && v.Float() == math.Trunc(v.Float()) && math.Abs(v.Float()) < 1<<53:
			field.SetInt(int64(v.Float()))
		case v.Type() == js.TypeObject && field.Kind() == reflect.Map:
			s.Controls = map[string]string{}
			keys := js.Global().Get("Object").Call("keys", v)
			for k := range keys.Length() {
				id := keys.Index(k).String()
				s.Controls[id] = v.Get(id).String()
			}
		default:
			return s, &live.Fault{Field: name, Text: fmt.Sprintf("a %s, want a %s", v.Type(), field.Kind())}
		}
	}
	return s, nil
}

// value turns an answer into the value that encoding/json and JSON.parse would make of it, but for
// bytes, which become an Uint8Array. A test in a browser holds both deliveries to the same.
func value(v reflect.Value) js.Value {
	switch v.Kind() {
	case reflect.Struct:
		o := js.Global().Get("Object").New()
		for i := range v.NumField() {
			name, option, _ := strings.Cut(v.Type().Field(i).Tag.Get("json"), ",")
			if option != "omitempty" || !empty(v.Field(i)) {
				o.Set(name, value(v.Field(i)))
			}
		}
		return o
	case reflect.Map:
		if v.IsNil() {
			return js.Null()
		}
		o := js.Global().Get("Object").New()
		for it := v.MapRange(); it.Next(); {
			o.Set(it.Key().String(), value(it.Value()))
		}
		return o
	case reflect.Slice, reflect.Array:
		return list(v)
	case reflect.String:
		return js.ValueOf(v.String())
	case reflect.Bool:
		return js.ValueOf(v.Bool())
	case reflect.Float64:
		return js.ValueOf(v.Float())
	}
	return js.ValueOf(float64(v.Int()))
}

// list turns a list into an array.
func list(v reflect.Value) js.Value {
	switch {
	case v.Kind() == reflect.Slice && v.IsNil():
		return js.Null()
	case v.Type().Elem().Kind() == reflect.Uint8:
		a := js.Global().Get("Uint8Array").New(v.Len())
		js.CopyBytesToJS(a, v.Bytes())
		return a
	}
	a := js.Global().Get("Array").New(v.Len())
	for i := range v.Len() {
		a.SetIndex(i, value(v.Index(i)))
	}
	return a
}

// empty reports what omitempty leaves out.
func empty(v reflect.Value) bool {
	switch v.Kind() {
	case reflect.Map, reflect.Slice:
		return v.Len() == 0
	}
	return v.IsZero()
}
