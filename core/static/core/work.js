// The number that shows a browser worked for this form. Without this file one waits a minute instead.
const field = document.querySelector("[data-work]");

const zeros = (digest, bits) => new DataView(digest).getUint32(0) >>> (32 - bits) === 0;

async function solve(task, bits) {
  const letters = new TextEncoder();
  for (let number = 0; ; number += 1) {
    const digest = await crypto.subtle.digest("SHA-256", letters.encode(`${task}:${number}`));
    if (zeros(digest, bits)) return String(number);
  }
}

if (field && globalThis.crypto?.subtle) {
  const form = field.closest("form");
  document.querySelector("[data-working]").hidden = false;
  document.querySelector("[data-waiting]").hidden = true;
  const solved = solve(field.dataset.work, Number(field.dataset.bits)).then((number) => {
    field.value = number;
  });
  // The page was sent once already: it goes on by itself.
  solved.then(() => form.requestSubmit());
  form.addEventListener("submit", (event) => {
    if (field.value) return;
    event.preventDefault();
  });
}
