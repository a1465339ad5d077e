// A button that copies a field; without the clipboard, as on plain HTTP, in the older way.
(() => {
  "use strict";
  const button = document.querySelector("[data-copy]");
  const field = document.getElementById(button.dataset.copy);
  const status = document.querySelector("[data-copied]");

  const copy = async () => {
    field.select();
    if (navigator.clipboard) return navigator.clipboard.writeText(field.value);
    if (!document.execCommand("copy")) throw new Error("not copied");
  };
  button.hidden = false;
  button.addEventListener("click", () => {
    copy().then(
      () => { status.textContent = "Copied."; },
      () => { status.textContent = "Not copied: press Ctrl and C."; },
    );
  });
})();
