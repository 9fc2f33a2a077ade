# SPDX-License-Identifier: Apache-2.0
"""Tables of N rules for the growth of each engine: a rule for each pair of ten kinds of crime and N / 10 recipients, bound
to some channels, drawn once from a fixed seed and written in each engine's own language.

    files = write(folder, rules=300)      # {"policy": PATH, "cedar": PATH, "rego": PATH, "jdm": PATH}
"""
import json
import random

CRIMES = 10
CHANNELS = ["email", "telephone", "in_person", "system"]
SEED = 20261122


def draw(rules):
    chance = random.Random(SEED)
    return [{"name": f"r{i}", "recipient": f"team{i // CRIMES}", "crime": f"crime{i % CRIMES}",
             "channels": sorted(chance.sample(CHANNELS, chance.randint(1, 3))), "decision": chance.choice(["permit", "refuse"])}
            for i in range(rules)]


def vocabulary(rules):
    def attribute(name, values):
        return f'attribute {name} one of\n  question "Which?"\n' + "".join(f'  {value} "{value}"\n' for value in values)
    recipients = sorted({rule["recipient"] for rule in rules})
    crimes = [f"crime{i}" for i in range(CRIMES)]
    return ('vocabulary table version 1\n  title "A table"\n' + attribute("action", ["share", "call"]) +
            attribute("recipient", recipients) + attribute("crime_type", crimes) + attribute("channel", CHANNELS))


def firebreak(rules):
    head = ('policy table version 1\n  title "A table"\n  issued by "Nobody"\n  uses vocabulary table 1\n'
            '  default refuse "Nothing allows this." under C1\nclause C1 "The table." source "Drawn" basis inferred\n')
    return head + "".join(
        f'rule {r["name"]}\n  when action is share and recipient is {r["recipient"]} and crime_type is {r["crime"]}\n'
        f'       and channel is any of {", ".join(r["channels"])}\n  {r["decision"]} "As the table has it." under C1\n' for r in rules)


def cedar(rules):
    effect = {"permit": "permit", "refuse": "forbid"}
    return "".join(
        f'@rule("{r["name"]}")\n{effect[r["decision"]]} (principal, action == Action::"share", resource)\n'
        f'when {{ context.recipient == "{r["recipient"]}" && context.crime_type == "{r["crime"]}" && '
        f'{json.dumps(r["channels"])}.contains(context.channel) }};\n' for r in rules)


def rego(rules):
    return 'package firebreak\n\ndefault answer := ["refuse", "default"]\n' + "".join(
        f'\nanswer := ["{r["decision"]}", "{r["name"]}"] if {{\n\tinput.action == "share"\n\tinput.recipient == "{r["recipient"]}"\n'
        f'\tinput.crime_type == "{r["crime"]}"\n\tinput.channel in {{{json.dumps(r["channels"])[1:-1]}}}\n}}\n' for r in rules)


def jdm(rules):
    fields = ["action", "recipient", "crime_type", "channel"]

    def row(number, cells, decision, rule):
        return {"_id": str(number), **cells, "out_decision": f"'{decision}'", "out_rule": f"'{rule}'"}
    rows = [row(i, {"action": "'share'", "recipient": f"'{r['recipient']}'", "crime_type": f"'{r['crime']}'",
                    "channel": ", ".join(f"'{name}'" for name in r["channels"])}, r["decision"], r["name"])
            for i, r in enumerate(rules)]
    table = {"hitPolicy": "first", "inputs": [{"id": name, "name": name, "field": name} for name in fields],
             "outputs": [{"id": f"out_{name}", "name": name, "field": name} for name in ("decision", "rule")],
             "rules": [*rows, row(len(rows), {}, "refuse", "default")]}

    def node(name, kind, **more):
        return {"id": name, "type": kind, "name": name, "position": {"x": 0, "y": 0}, **more}

    def edge(source, target):
        return {"id": source, "type": "edge", "sourceId": source, "targetId": target}
    return json.dumps({"nodes": [node("facts", "inputNode"), node("rules", "decisionTableNode", content=table),
                                 node("answer", "outputNode")], "edges": [edge("facts", "rules"), edge("rules", "answer")]})


def write(folder, rules):
    drawn = draw(rules)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "table-1.vocabulary").write_text(vocabulary(drawn))
    files = {}
    for kind, text in (("policy", firebreak), ("cedar", cedar), ("rego", rego), ("jdm", jdm)):
        files[kind] = folder / f"table.{kind}"
        files[kind].write_text(text(drawn))
    return files
