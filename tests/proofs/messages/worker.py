"""The real service worker through the browser's own developer tools, and an address as its maker's servers give it."""

from __future__ import annotations

from playwright.sync_api import Page, Worker

# The browser asks its maker's servers for an address; here it is given one, with keys whose halves the test knows.
GIVEN_AN_ADDRESS = """given => {
  const bytes = text => Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), s => s.charCodeAt(0));
  const make = () => ({endpoint: given.endpoint, options: {applicationServerKey: bytes(given.key).buffer},
    toJSON: () => ({endpoint: given.endpoint, keys: {p256dh: given.p256dh, auth: given.auth}}),
    unsubscribe: async () => localStorage.removeItem('on')});
  PushManager.prototype.getSubscription = async () => localStorage.getItem('on') ? make() : null;
  PushManager.prototype.subscribe = async options => {
    if (!options.userVisibleOnly || options.applicationServerKey.length !== 65) throw new TypeError('asked wrongly');
    localStorage.setItem('on', '1');
    return make();
  };
}"""
SHOWN = """async () => (await (await navigator.serviceWorker.ready).getNotifications())
  .map(one => [one.title, one.body, one.tag, one.lang, one.data.link])"""
# Chromium forgets a notification it is asked about while it is just being shown: whoever asks waits for `showing`.
WATCHED = """() => {
  const show = ServiceWorkerRegistration.prototype.showNotification;
  ServiceWorkerRegistration.prototype.showNotification = function (...told) {
    return globalThis.showing = show.apply(this, told);
  };
}"""
IS_SHOWN = (
    "async () => { while (!globalThis.showing) await new Promise(r => setTimeout(r, 20)); await globalThis.showing; }"
)
TAPPED = """async () => {
  let opened = '';
  self.clients.openWindow = async address => { opened = address; };
  const [notification] = await self.registration.getNotifications();
  self.dispatchEvent(new NotificationEvent('notificationclick', {notification}));
  for (let tries = 0; tries < 50 && !opened; tries++) await new Promise(done => setTimeout(done, 50));
  return [opened, (await self.registration.getNotifications()).length];
}"""


class Tools:
    """The browser's developer tools, as far as they know its service worker."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.session = page.context.new_cdp_session(page)
        self.registrations: list[str] = []
        self.session.on(
            "ServiceWorker.workerRegistrationUpdated",
            lambda said: self.registrations.extend(one["registrationId"] for one in said["registrations"]),
        )
        self.session.send("ServiceWorker.enable")

    def deliver(self, data: str) -> None:
        """Returns when the worker has shown what it made of it."""
        for _attempt in range(300):
            if self.registrations:
                break
            self.page.wait_for_timeout(100)
        worker = self.worker()
        worker.evaluate(f"() => {{ delete globalThis.showing; ({WATCHED})(); }}")
        where = {"origin": self.page.evaluate("location.origin"), "registrationId": self.registrations[-1]}
        self.session.send("ServiceWorker.deliverPushMessage", {**where, "data": data})
        worker.evaluate(IS_SHOWN)

    def worker(self) -> Worker:
        running = self.page.context.service_workers
        return running[0] if running else self.page.context.wait_for_event("serviceworker")
