// SPDX-License-Identifier: Apache-2.0
// Starts `firebreak policy lsp` for the policies, vocabularies and offence lists that are opened.
"use strict";
const { workspace } = require("vscode");
const { LanguageClient, TransportKind } = require("vscode-languageclient/node");

const LANGUAGES = ["firebreak-policy", "firebreak-vocabulary", "firebreak-offences"];
let client;

exports.activate = () => {
  const command = workspace.getConfiguration("firebreak").get("command");
  client = new LanguageClient(
    "firebreak",
    "Firebreak policies",
    { command, args: ["policy", "lsp"], transport: TransportKind.stdio },
    {
      documentSelector: LANGUAGES.map((language) => ({ language })),
      synchronize: { fileEvents: workspace.createFileSystemWatcher("**/*.vocabulary") },
    },
  );
  return client.start();
};

exports.deactivate = () => client?.stop();
