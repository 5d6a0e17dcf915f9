// The clerk's keys on the screen of calls. Without this script the page works with Tab and Enter.
document.addEventListener("keydown", (event) => {
  const typing = event.target.matches("input:not([type=radio]), textarea, select");
  if (event.key === "F4") {
    event.preventDefault();
    document.querySelector("aside [name=phone]").focus();
  } else if (/^[1-9]$/.test(event.key) && !typing && !event.ctrlKey && !event.altKey && !event.metaKey) {
    document.querySelectorAll("[data-take]")[event.key - 1]?.click();
  }
});
