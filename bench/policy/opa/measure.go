// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bufio"
	"fmt"
	"os"
	"sort"
	"strings"

	"golang.org/x/sys/unix"
)

// request is a line of the file: decision, tab, rule, tab, facts as a JSON object.
type request struct{ decision, rule, facts string }

func stop(format string, values ...any) {
	fmt.Fprintf(os.Stderr, format+"\n", values...)
	os.Exit(1)
}

func must[T any](value T, err error) T {
	if err != nil {
		stop("%v", err)
	}
	return value
}

func readRequests(path string) []request {
	lines := bufio.NewScanner(must(os.Open(path)))
	var out []request
	for lines.Scan() {
		parts := strings.SplitN(lines.Text(), "\t", 3)
		if len(parts) != 3 {
			stop("A request is cut short.")
		}
		out = append(out, request{parts[0], parts[1], parts[2]})
	}
	if len(out) == 0 {
		stop("%s holds no requests.", path)
	}
	return out
}

// expect ends the program, showing the request, when an answer is not the right one.
func (r request) expect(answer [2]string) {
	if answer != [2]string{r.decision, r.rule} {
		stop("WRONG ANSWER: %s by %s, not %s by %s, to %s", answer[0], answer[1], r.decision, r.rule, r.facts)
	}
}

func cpuSeconds() float64 {
	var now unix.Timespec
	if err := unix.ClockGettime(unix.CLOCK_PROCESS_CPUTIME_ID, &now); err != nil {
		stop("%v", err)
	}
	return float64(now.Sec) + float64(now.Nsec)*1e-9
}

// medianNs gives the nanoseconds of the process's CPU time for one call, the collector's with it: the median of
// rounds over all requests, at least five, for at least a second.
func medianNs(count int, each func(i int)) float64 {
	var rounds []float64
	for begun := cpuSeconds(); len(rounds) < 5 || cpuSeconds()-begun < 1; {
		start := cpuSeconds()
		for i := range count {
			each(i)
		}
		rounds = append(rounds, (cpuSeconds()-start)*1e9/float64(count))
	}
	sort.Float64s(rounds)
	return rounds[len(rounds)/2]
}
