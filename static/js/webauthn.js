/* webauthn.js: the passkey ceremony. Every word on screen comes from the page, none from here.
   <form data-webauthn="create|get" hidden> holds an input named credential, a button [data-webauthn-start] and a sentence
   [data-webauthn-failed]. Options: from the JSON element named in data-options, else asked at data-options-url. */
"use strict";
(() => {
  if (!window.PublicKeyCredential || !navigator.credentials) return;

  const bytes = (text) => {
    const plain = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
    return Uint8Array.from(plain, (letter) => letter.charCodeAt(0));
  };
  const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  const listed = (keys) => (keys ?? []).map((key) => ({ ...key, id: bytes(key.id) }));

  const created = async (options, passwordless) => {
    const wanted = {
      ...options.publicKey,
      challenge: bytes(options.publicKey.challenge),
      user: { ...options.publicKey.user, id: bytes(options.publicKey.user.id) },
      excludeCredentials: listed(options.publicKey.excludeCredentials),
      authenticatorSelection: {
        ...options.publicKey.authenticatorSelection,
        residentKey: passwordless ? "required" : "discouraged",
        requireResidentKey: passwordless,
        ...(passwordless ? { userVerification: "required" } : {}),
      },
    };
    const key = await navigator.credentials.create({ publicKey: wanted });
    return {
      type: key.type, id: key.id, rawId: text(key.rawId), clientExtensionResults: key.getClientExtensionResults(),
      response: {
        clientDataJSON: text(key.response.clientDataJSON),
        attestationObject: text(key.response.attestationObject),
        transports: key.response.getTransports?.() ?? [],
      },
    };
  };
  const asked = async (options) => {
    const wanted = {
      ...options.publicKey,
      challenge: bytes(options.publicKey.challenge),
      allowCredentials: listed(options.publicKey.allowCredentials),
    };
    const key = await navigator.credentials.get({ publicKey: wanted });
    return {
      type: key.type, id: key.id, rawId: text(key.rawId), clientExtensionResults: key.getClientExtensionResults(),
      response: {
        clientDataJSON: text(key.response.clientDataJSON),
        authenticatorData: text(key.response.authenticatorData),
        signature: text(key.response.signature),
        userHandle: key.response.userHandle ? text(key.response.userHandle) : null,
      },
    };
  };
  const optionsOf = async (form) => {
    if (form.dataset.options) return JSON.parse(document.getElementById(form.dataset.options).textContent);
    const answer = await fetch(form.dataset.optionsUrl, { headers: { Accept: "application/json" }, credentials: "same-origin" });
    if (!answer.ok) throw new Error(String(answer.status));
    return answer.json();
  };

  document.querySelectorAll("form[data-webauthn]").forEach((form) => {
    const button = form.querySelector("[data-webauthn-start]");
    const failed = form.querySelector("[data-webauthn-failed]");
    form.hidden = false;
    form.addEventListener("submit", (event) => { if (!form.elements.credential.value) event.preventDefault(); });
    button.addEventListener("click", async () => {
      failed.hidden = true;
      button.disabled = true;
      try {
        const { creation_options: creation, request_options: request } = await optionsOf(form);
        const key = form.dataset.webauthn === "create"
          ? await created(creation, form.elements.passwordless?.checked ?? false)
          : await asked(request);
        form.elements.credential.value = JSON.stringify(key);
        form.submit();
      } catch {
        failed.hidden = false;
        button.disabled = false;
      }
    });
  });
})();
