// Shows what is pushed, says that it was shown, and opens the page at a tap. Keeps and reads nothing else.
self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

self.addEventListener("push", (event) => {
  let told = {};
  try {
    told = event.data ? event.data.json() : {};
  } catch {
    // Not from us: a browser still wants to see something shown.
  }
  event.waitUntil(show(told).then(() => confirm(told)));
});

function show(told) {
  return self.registration.showNotification(told.title || "Цифрови доброволци", {
    body: told.body || "",
    lang: told.lang || "bg",
    // The same message again takes the place of the first.
    tag: told.id || "told",
    data: { link: told.link || "/" },
  });
}

async function confirm(told) {
  if (!told.id) return;
  try {
    await fetch(`/vrata/push/${told.id}/`, {
      method: "POST",
      body: new URLSearchParams({ token: told.token }),
      credentials: "omit",
    });
  } catch {
    // Without the word the message goes by another way later.
  }
}

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(open(new URL(event.notification.data?.link || "/", self.location.origin)));
});

async function open(address) {
  if (address.origin !== self.location.origin) return;
  const pages = await self.clients.matchAll({ type: "window", includeUncontrolled: true });
  const there = pages.find((page) => page.url === address.href);
  if (there) await there.focus();
  else await self.clients.openWindow(address.href);
}

// The push service gave this browser another address: we are told the old one with the new.
self.addEventListener("pushsubscriptionchange", (event) => {
  if (event.oldSubscription) event.waitUntil(renew(event.oldSubscription, event.newSubscription));
});

async function renew(old, given) {
  const now = given || (await self.registration.pushManager.subscribe(old.options));
  const { endpoint, keys } = now.toJSON();
  await fetch("/vrata/push/smyana/", {
    method: "POST",
    body: new URLSearchParams({ old: old.endpoint, endpoint, p256dh: keys.p256dh, auth: keys.auth }),
    credentials: "omit",
  });
}
