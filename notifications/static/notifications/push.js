// Switches notifications on this browser on and off. Every sentence stands in the page; here is only chosen which.
const section = document.querySelector("[data-push]");
const form = document.querySelector("[data-push-on]");

function say(name) {
  for (const part of section.querySelectorAll("[data-push-say]")) part.hidden = part.dataset.pushSay !== name;
}

function bytes(text) {
  const plain = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(plain, (sign) => sign.charCodeAt(0));
}

async function digest(text) {
  const hash = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return Array.from(new Uint8Array(hash), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

function isOurs(subscription) {
  const key = subscription.options.applicationServerKey;
  return key && bytes(section.dataset.push).every((byte, at) => byte === new Uint8Array(key)[at]);
}

async function look() {
  if (!("serviceWorker" in navigator && "PushManager" in window && "Notification" in window)) return say("none");
  if (Notification.permission === "denied") return say("denied");
  const registration = await navigator.serviceWorker.getRegistration("/");
  const subscription = await registration?.pushManager.getSubscription();
  const row = subscription && document.getElementById(`device-${await digest(subscription.endpoint)}`);
  if (!row) return say("off");
  row.querySelector("[data-push-here]").hidden = false;
  const stop = row.querySelector("form");
  stop.addEventListener("submit", async (event) => {
    event.preventDefault();
    await subscription.unsubscribe();
    stop.submit();
  });
  return say("on");
}

async function switchOn() {
  say("wait");
  if ((await Notification.requestPermission()) !== "granted") return say("denied");
  await navigator.serviceWorker.register("/sw.js", { scope: "/" });
  const registration = await navigator.serviceWorker.ready;
  const old = await registration.pushManager.getSubscription();
  if (old && !isOurs(old)) await old.unsubscribe();
  const subscription = await registration.pushManager.subscribe({
    userVisibleOnly: true,
    applicationServerKey: bytes(section.dataset.push),
  });
  const { endpoint, keys } = subscription.toJSON();
  for (const [name, value] of Object.entries({ endpoint, ...keys })) {
    if (form.elements[name]) form.elements[name].value = value;
  }
  return form.submit();
}

async function preview() {
  const registration = await navigator.serviceWorker.ready;
  const { title, body } = section.querySelector("[data-push-try]").dataset;
  await registration.showNotification(title, { body, tag: "try", data: { link: location.pathname } });
}

if (section) {
  form?.addEventListener("submit", (event) => {
    event.preventDefault();
    switchOn().catch(() => say("broken"));
  });
  section.querySelector("[data-push-try]")?.addEventListener("click", () => preview().catch(() => say("broken")));
  look().catch(() => say("none"));
}
