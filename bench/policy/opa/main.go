// SPDX-License-Identifier: Apache-2.0

// Command opa POLICY REQUESTS checks OPA's answer to every request, then prints what one decision costs, as JSON.
//
// The query is prepared once. It is prepared in each way that OPA has of making it faster, and the way whose typed
// decision is fastest is kept and named.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/compile"
	"github.com/open-policy-agent/opa/v1/rego"
)

const query = "data.firebreak.answer"

type engine struct {
	name     string
	prepared rego.PreparedEvalQuery
}

func prepare(name string, policy func(*rego.Rego), options ...rego.PrepareOption) engine {
	prepared := must(rego.New(rego.Query(query), policy).PrepareForEval(context.Background(), options...))
	return engine{name, prepared}
}

// optimised is the policy as `opa build --optimize LEVEL` writes it.
func optimised(path string, level int) engine {
	compiler := compile.New().WithPaths(path).WithEntrypoints("firebreak/answer").WithOptimizationLevel(level)
	if err := compiler.Build(context.Background()); err != nil {
		stop("%v", err)
	}
	return prepare(fmt.Sprintf("built with optimisation %d", level), rego.ParsedBundle("policy", compiler.Bundle()))
}

func (e engine) decide(input ast.Value) [2]string {
	// No cache of the work between queries, no statistics: OPA's defaults.
	results := must(e.prepared.Eval(context.Background(), rego.EvalParsedInput(input)))
	if len(results) != 1 {
		stop("OPA gave %d results.", len(results))
	}
	answer := results[0].Expressions[0].Value.([]any)
	return [2]string{answer[0].(string), answer[1].(string)}
}

func fromJSON(facts string) ast.Value {
	return must(ast.ValueFromReader(strings.NewReader(facts)))
}

func main() {
	if len(os.Args) != 3 {
		stop("usage: opa POLICY REQUESTS")
	}
	path := must(filepath.Abs(os.Args[1]))
	requests := readRequests(os.Args[2])
	typed := make([]ast.Value, len(requests))
	for i, one := range requests {
		typed[i] = fromJSON(one.facts)
	}
	engines := []engine{
		prepare("as written", rego.Load([]string{path}, nil)),
		prepare("partially evaluated", rego.Load([]string{path}, nil), rego.WithPartialEval()),
		optimised(path, 1),
		optimised(path, 2),
	}
	var best engine
	var bestNs float64
	tried := map[string]float64{}
	for _, one := range engines {
		for i, asked := range requests {
			asked.expect(one.decide(typed[i]))
		}
		ns := medianNs(len(requests), func(i int) { one.decide(typed[i]) })
		tried[one.name] = ns
		if best.name == "" || ns < bestNs {
			best, bestNs = one, ns
		}
	}
	fmt.Println(string(must(json.Marshal(map[string]any{
		"checked": len(requests),
		"kept":    best.name,
		"tried":   tried,
		"typed":   bestNs,
		"json":    medianNs(len(requests), func(i int) { best.decide(fromJSON(requests[i].facts)) }),
	}))))
}
