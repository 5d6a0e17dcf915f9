// The clerk's keys. Without this script the page works with links, Tab and Enter.
const q = document.getElementById("q");
const take = document.getElementById("take");
const fresh = document.getElementById("new");
const first = () => take.querySelector("select, input:not([type=hidden])");

// Fields that belong to one choice show only with it.
const shown = (rule) => {
  const [, name, not, value] = rule.match(/^(\w+)(!?)=(\w+)$/);
  const chosen = take.querySelector(`[name=${name}]:checked`)?.value;
  return not ? chosen !== value : chosen === value;
};
const settle = () => {
  for (const part of take.querySelectorAll("[data-for]")) part.hidden = !shown(part.dataset.for);
};
take.addEventListener("change", settle);
settle();

const openNew = () => {
  if (!fresh) return (location.href = `${take.action}?new=1`);
  fresh.open = true;
  fresh.querySelector("input").focus();
};
document.querySelector("[data-new]")?.addEventListener("click", (event) => {
  event.preventDefault();
  openNew();
});

document.addEventListener("keydown", (event) => {
  const links = [...document.querySelectorAll("[data-choose]")];
  // A single key acts only where the keys are shown: in the search and on what it found (WCAG 2.1.4).
  const choosing = event.target === q ? !/\d/.test(q.value) : event.target.matches("[data-choose]");
  if (event.key === "F2") {
    event.preventDefault();
    q.focus();
    q.select();
  } else if (event.key === "F4") {
    event.preventDefault();
    openNew();
  } else if (event.key === "Escape") {
    location.href = take.action;
  } else if (event.key === "Enter" && event.ctrlKey) {
    event.preventDefault();
    take.requestSubmit();
  } else if (/^[1-8]$/.test(event.key) && choosing && links[event.key - 1] && !event.ctrlKey && !event.altKey) {
    event.preventDefault();
    links[event.key - 1].click();
  } else if (event.key === "Enter" && event.target === q && links.length) {
    event.preventDefault();
    links[0].click();
  }
});

if (take.querySelector("[name=person]") && !document.querySelector("[data-focus]")) first().focus();
if (fresh?.open && !document.querySelector("[data-focus]")) fresh.querySelector("input").focus();
