// SPDX-License-Identifier: Apache-2.0
// VS Code's own protocol library against the real server:
//   node client.mjs FIREBREAK POLICY_FILE    prints what it was answered, as JSON
import { spawn } from "node:child_process";
import fs from "node:fs";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

const require = createRequire(import.meta.url);
const lsp = require("vscode-languageserver-protocol/node");

const [program, file] = process.argv.slice(2);
const server = spawn(program, ["policy", "lsp", "--stdio"], { stdio: ["pipe", "pipe", "inherit"] });
const ended = new Promise((resolve) => server.on("exit", resolve));
const connection = lsp.createProtocolConnection(
  new lsp.StreamMessageReader(server.stdout),
  new lsp.StreamMessageWriter(server.stdin),
);
connection.listen();
const told = new Promise((resolve) => connection.onNotification(lsp.PublishDiagnosticsNotification.type, resolve));

const started = await connection.sendRequest(lsp.InitializeRequest.type, {
  processId: process.pid,
  rootUri: null,
  capabilities: { textDocument: { documentSymbol: { hierarchicalDocumentSymbolSupport: true } } },
});
await connection.sendNotification(lsp.InitializedNotification.type, {});
const uri = pathToFileURL(file).href;
const text = fs.readFileSync(file, "utf8");
const textDocument = { uri };
await connection.sendNotification(lsp.DidOpenTextDocumentNotification.type, {
  textDocument: { uri, languageId: "firebreak-policy", version: 1, text },
});
const lines = text.split("\n");
const line = lines.findIndex((one) => one.includes(" under "));
const position = { line, character: lines[line].indexOf(" under ") + 7 };
const hover = await connection.sendRequest(lsp.HoverRequest.type, { textDocument, position });
const definition = await connection.sendRequest(lsp.DefinitionRequest.type, { textDocument, position });
const symbols = await connection.sendRequest(lsp.DocumentSymbolRequest.type, { textDocument });
const completion = await connection.sendRequest(lsp.CompletionRequest.type, { textDocument, position });
const edits = await connection.sendRequest(lsp.DocumentFormattingRequest.type, {
  textDocument,
  options: { tabSize: 2, insertSpaces: true },
});
const diagnostics = await told;
await connection.sendRequest(lsp.ShutdownRequest.type);
await connection.sendNotification(lsp.ExitNotification.type);
const code = await ended;
process.stdout.write(JSON.stringify({ started, hover, definition, symbols, completion, edits, diagnostics, code }));
