// SPDX-License-Identifier: Apache-2.0
// Cuts files into tokens as VS Code does, with its own libraries:
//   node tokens.mjs GRAMMAR FILE...   prints, for each file, a list of lines, each a list of [from, to, scopes]
import fs from "node:fs";
import { createRequire } from "node:module";

const require = createRequire(import.meta.url);
const oniguruma = require("vscode-oniguruma");
const textmate = require("vscode-textmate");

const [grammarFile, ...files] = process.argv.slice(2);
await oniguruma.loadWASM(fs.readFileSync(require.resolve("vscode-oniguruma/release/onig.wasm")).buffer);
const content = JSON.parse(fs.readFileSync(grammarFile, "utf8"));
const registry = new textmate.Registry({
  onigLib: Promise.resolve({
    createOnigScanner: (patterns) => new oniguruma.OnigScanner(patterns),
    createOnigString: (text) => new oniguruma.OnigString(text),
  }),
  loadGrammar: async () => content,
});
const grammar = await registry.loadGrammar(content.scopeName);
const out = files.map((file) => {
  let state = textmate.INITIAL;
  return fs.readFileSync(file, "utf8").split("\n").map((line) => {
    const done = grammar.tokenizeLine(line, state);
    state = done.ruleStack;
    return done.tokens.map((token) => [token.startIndex, token.endIndex, token.scopes.join(" ")]);
  });
});
process.stdout.write(JSON.stringify(out));
