package main

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/schollz/progressbar/v3"
	"golang.org/x/term"

	"coexist/sim/experiment"
)

// progress tells how far a job is: a bar on a terminal, lines elsewhere.
type progress struct {
	mode  string // bar, plain, json or none
	out   io.Writer
	bar   *progressbar.ProgressBar
	start time.Time
	last  time.Time // of the last line
	tenth int64     // last tenth told
	now   experiment.Progress
}

// newProgress chooses how to tell: auto is a bar on a terminal and plain lines elsewhere.
func newProgress(mode string, out io.Writer) *progress {
	p := &progress{mode: mode, out: out, start: time.Now(), tenth: -1}
	if mode == "auto" {
		p.mode = "plain"
		if f, ok := out.(*os.File); ok && term.IsTerminal(int(f.Fd())) {
			p.mode = "bar"
		}
	}
	return p
}

// rate is patient events a second since the start.
func (p *progress) rate() float64 {
	return float64(p.now.Events) / max(time.Since(p.start).Seconds(), 1e-3)
}

// left estimates the time to the end; ok is false before there is something to go by.
func (p *progress) left() (d time.Duration, ok bool) {
	gone := time.Since(p.start)
	if p.now.Weeks*50 < p.now.AllWeeks || gone < time.Second {
		return 0, false
	}
	return time.Duration(float64(gone) / float64(p.now.Weeks) * float64(p.now.AllWeeks-p.now.Weeks)), true
}

// tell takes in how far the job is and tells it if it is time to.
func (p *progress) tell(now experiment.Progress) {
	p.now = now
	switch p.mode {
	case "bar":
		p.draw()
	case "plain":
		tenth := 10 * now.Weeks / max(now.AllWeeks, 1)
		if now.Runs < now.AllRuns {
			tenth = min(tenth, 9) // the last line says that all have ended
		}
		if tenth > p.tenth || time.Since(p.last) > 30*time.Second {
			p.tenth, p.last = tenth, time.Now()
			p.line()
		}
	case "json":
		if time.Since(p.last) > time.Second || now.Weeks == now.AllWeeks && now.Runs == now.AllRuns {
			p.last = time.Now()
			p.object()
		}
	}
}

// draw moves the bar.
func (p *progress) draw() {
	if p.bar == nil {
		p.bar = progressbar.NewOptions64(p.now.AllWeeks,
			progressbar.OptionSetWriter(p.out), progressbar.OptionSetWidth(24), progressbar.OptionThrottle(100*time.Millisecond),
			progressbar.OptionSetPredictTime(true), progressbar.OptionClearOnFinish(), progressbar.OptionSetRenderBlankState(true))
	}
	p.bar.ChangeMax64(p.now.AllWeeks)
	p.bar.Describe(fmt.Sprintf("runs %d/%d  %.1fM events/s", p.now.Runs, p.now.AllRuns, p.rate()/1e6))
	p.bar.Set64(p.now.Weeks)
}

// line writes one plain line.
func (p *progress) line() {
	text := fmt.Sprintf("runs %d/%d  %d%%  %.1fM events/s", p.now.Runs, p.now.AllRuns, 100*p.now.Weeks/max(p.now.AllWeeks, 1), p.rate()/1e6)
	if d, ok := p.left(); ok {
		text += "  " + clock(d) + " left"
	}
	fmt.Fprintln(p.out, text)
}

// object writes one line of JSON.
func (p *progress) object() {
	o := struct {
		Runs     int      `json:"runs"`
		AllRuns  int      `json:"all_runs"`
		Weeks    int64    `json:"weeks"`
		AllWeeks int64    `json:"all_weeks"`
		Events   int64    `json:"patient_events"`
		Rate     float64  `json:"events_per_second"`
		Left     *float64 `json:"seconds_left"`
	}{p.now.Runs, p.now.AllRuns, p.now.Weeks, p.now.AllWeeks, p.now.Events, p.rate(), nil}
	if d, ok := p.left(); ok {
		s := d.Seconds()
		o.Left = &s
	}
	if data, err := json.Marshal(o); err == nil {
		fmt.Fprintf(p.out, "%s\n", data)
	}
}

// stop takes the bar away.
func (p *progress) stop() {
	if p.bar != nil {
		p.bar.Clear()
		p.bar = nil
	}
}

// say writes a line of talk, unless there is to be none.
func (p *progress) say(format string, args ...any) {
	switch p.mode {
	case "none":
	case "json":
		if data, err := json.Marshal(map[string]string{"message": fmt.Sprintf(format, args...)}); err == nil {
			fmt.Fprintf(p.out, "%s\n", data)
		}
	default:
		fmt.Fprintf(p.out, format+"\n", args...)
	}
}

// clock writes a duration as minutes and seconds, or hours, minutes and seconds.
func clock(d time.Duration) string {
	s := int64(d.Round(time.Second).Seconds())
	if s >= 3600 {
		return fmt.Sprintf("%d:%02d:%02d", s/3600, s/60%60, s%60)
	}
	return fmt.Sprintf("%02d:%02d", s/60, s%60)
}
