// A passkey or security key: the browser is asked, and what it says goes into the form as JSON.
const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (sign) => sign.charCodeAt(0));
const text = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");

function options(written) {
  const asked = JSON.parse(written).publicKey;
  asked.challenge = bytes(asked.challenge);
  if (asked.user) asked.user.id = bytes(asked.user.id);
  for (const list of [asked.excludeCredentials, asked.allowCredentials]) {
    for (const one of list ?? []) one.id = bytes(one.id);
  }
  return { publicKey: asked };
}

function answer(credential) {
  const said = {};
  for (const name of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (credential.response[name]) said[name] = text(credential.response[name]);
  }
  const { id, type } = credential;
  const clientExtensionResults = credential.getClientExtensionResults();
  return JSON.stringify({ id, rawId: text(credential.rawId), type, response: said, clientExtensionResults });
}

for (const form of document.querySelectorAll("[data-passkey]")) {
  const say = (name, is) => (form.querySelector(`[data-passkey-say=${name}]`).hidden = !is);
  if (!window.PublicKeyCredential) continue;
  say("none", false);
  form.addEventListener("submit", async (event) => {
    if (form.elements.credential.value) return;
    event.preventDefault();
    say("broken", false);
    try {
      const given = await navigator.credentials[form.dataset.passkey](options(form.dataset.options));
      form.elements.credential.value = answer(given);
      form.submit();
    } catch {
      say("broken", true);
    }
  });
}
