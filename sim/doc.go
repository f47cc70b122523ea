// Package sim is the model: a world of people and providers, stepped week by week in the order of
// docs/ODD.md, section 3. It reads no file and draws nothing, and compiles to WebAssembly. A week
// has the stages publish, live, choose, treat and settle; a quarter and a year add reorganise; each
// stage is one file. Time is in weeks, money in pence, travel in minutes.
package sim
