// Two comforts; every page works without them: the error summary takes the focus, a message can be closed.
document.querySelector("[data-focus]")?.focus();
for (const button of document.querySelectorAll("[data-close]")) {
  button.hidden = false;
  button.addEventListener("click", () => button.parentElement.remove());
}
