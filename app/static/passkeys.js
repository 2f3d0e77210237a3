// A passkey is made or asked for as soon as the page is open; the button tries once more.
"use strict";

const bytesOf = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (sign) => sign.charCodeAt(0));
const textOf = (bytes) => btoa(String.fromCharCode(...new Uint8Array(bytes))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
const withBytes = (listed) => (listed || []).map((one) => ({ ...one, id: bytesOf(one.id) }));

const create = async (options) => {
  const user = { ...options.user, id: bytesOf(options.user.id) };
  const challenge = bytesOf(options.challenge);
  const publicKey = { ...options, user, challenge, excludeCredentials: withBytes(options.excludeCredentials) };
  const made = await navigator.credentials.create({ publicKey });
  const { attestationObject, clientDataJSON } = made.response;
  const transports = made.response.getTransports ? made.response.getTransports() : null;
  return {
    id: made.id, rawId: textOf(made.rawId), type: made.type,
    response: { attestationObject: textOf(attestationObject), clientDataJSON: textOf(clientDataJSON), transports },
    extensions: JSON.stringify(made.getClientExtensionResults()),
  };
};

const ask = async (options) => {
  const publicKey = { ...options, challenge: bytesOf(options.challenge), allowCredentials: withBytes(options.allowCredentials) };
  const found = await navigator.credentials.get({ publicKey });
  const { authenticatorData, clientDataJSON, signature, userHandle } = found.response;
  const response = { authenticatorData, clientDataJSON, signature, userHandle: userHandle || new ArrayBuffer(0) };
  for (const name of Object.keys(response)) response[name] = textOf(response[name]);
  return { id: found.id, rawId: textOf(found.rawId), type: found.type, response };
};

document.querySelectorAll("form[data-passkey]").forEach((form) => {
  const failed = form.querySelector("[data-failed]");
  const perform = async () => {
    failed.hidden = true;
    try {
      const answer = await (form.dataset.passkey === "create" ? create : ask)(JSON.parse(form.dataset.options));
      form.querySelector("[name=credential]").value = JSON.stringify(answer);
      form.submit();
    } catch (error) {
      console.info(error.name);
      failed.hidden = false;
    }
  };
  form.querySelector("button[type=button]").addEventListener("click", perform);
  perform();
});
