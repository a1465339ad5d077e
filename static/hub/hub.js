// What htmx leaves to do: the diary keeps the reader's place, and says when the server is lost.
(() => {
  "use strict";

  const board = () => document.getElementById("board");
  const isRefresh = (event) => event.target.closest?.("[data-refresh]") !== null;
  let focusable = [];
  let opened = [];

  const printButton = document.querySelector("[data-print]");
  if (printButton) {
    printButton.hidden = false;
    printButton.addEventListener("click", () => window.print());
  }

  // A hidden page asks for nothing; it catches up when it is looked at again.
  document.addEventListener("htmx:beforeRequest", (event) => {
    if (document.hidden && isRefresh(event)) event.preventDefault();
  });
  document.addEventListener("visibilitychange", () => {
    const refresh = document.querySelector("[data-refresh]");
    if (!document.hidden && refresh) htmx.trigger(refresh, "catch-up");
  });

  // After a swap the focus stays where it was, or goes to the same card, the next one, the board.
  document.addEventListener("htmx:beforeSwap", () => {
    opened = [...document.querySelectorAll("#board details[open]")].map((details) => details.id);
    const active = document.activeElement;
    if (!board()?.contains(active)) return;
    const card = active.closest("article");
    focusable = [active.id, card?.id, card?.nextElementSibling?.id, "board"].filter(Boolean);
  });

  document.addEventListener("htmx:afterSwap", (event) => {
    const isClick = event.detail.requestConfig?.verb === "post";
    for (const id of opened) {
      const details = document.getElementById(id);
      if (details && !(isClick && id.startsWith("more-"))) details.open = true;
    }
    const places = focusable.map((id) => document.getElementById(id));
    places.find((place) => place?.checkVisibility())?.focus({ preventScroll: true });
    focusable = [];
  });

  // A menu closes by Escape and by a click elsewhere.
  document.addEventListener("keydown", (event) => {
    const menu = event.key === "Escape" && document.activeElement?.closest(".hub-menu[open]");
    if (menu) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
  });
  document.addEventListener("click", (event) => {
    for (const menu of document.querySelectorAll(".hub-menu[open]")) {
      if (!menu.contains(event.target)) menu.open = false;
    }
  });

  const now = () => new Date().toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" });
  let lostAt = null;

  const serverAnswered = () => {
    lostAt = null;
    document.querySelector("[data-lost]")?.setAttribute("hidden", "");
    const updated = document.querySelector("[data-updated]");
    if (updated) updated.textContent = now();
  };
  const serverLost = (event) => {
    const banner = document.querySelector("[data-lost]");
    if (!banner) return;
    lostAt ??= now();
    const click = isRefresh(event) ? "" : "Your last click was not saved. ";
    banner.textContent =
      `The server has not answered since ${lostAt}. ${click}What you see may be out of date. ` +
      "This page tries again every 20 seconds.";
    banner.hidden = false;
  };
  document.addEventListener("htmx:afterRequest", (event) => {
    const status = event.detail.xhr?.status;
    if (event.detail.successful || status === 409) serverAnswered();
  });
  document.addEventListener("htmx:sendError", serverLost);
  document.addEventListener("htmx:timeout", serverLost);
  document.addEventListener("htmx:responseError", serverLost);
})();
