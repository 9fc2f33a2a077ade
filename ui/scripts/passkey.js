// SPDX-License-Identifier: Apache-2.0
// The one thing that a page cannot do without a script: ask the browser for a passkey. A form with
// data-passkey ("create" or "get") and data-options (what the server asks, as WebAuthn's JSON) is sent
// with the passkey's answer in its field "answer". What goes wrong is said in its element
// data-passkey-problem, in the words that stand in the page.

function canAsk() {
  const kind = window.PublicKeyCredential;
  return kind && kind.parseCreationOptionsFromJSON && kind.parseRequestOptionsFromJSON;
}

function ask(form) {
  const options = JSON.parse(form.dataset.options);
  if (form.dataset.passkey === "create") {
    return navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(options) });
  }
  return navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(options) });
}

function tell(form, problem) {
  for (const said of form.querySelectorAll("[data-passkey-problem]")) {
    said.hidden = said.dataset.passkeyProblem !== problem;
  }
}

async function send(form) {
  tell(form, "");
  try {
    const credential = await ask(form);
    form.elements.answer.value = JSON.stringify(credential.toJSON());
  } catch (error) {
    tell(form, error.name === "InvalidStateError" ? "known" : "cancelled");
    return;
  }
  form.submit();
}

for (const form of document.querySelectorAll("form[data-passkey]")) {
  if (canAsk()) {
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      send(form);
    });
  } else {
    tell(form, "unsupported");
    for (const button of form.querySelectorAll("button")) button.disabled = true;
  }
}
