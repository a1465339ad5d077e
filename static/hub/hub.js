// What htmx leaves to do: the diary keeps the reader's place, and says when the server is lost.
(() => {
  "use strict";

  const isClick = (event) => event.detail.requestConfig?.verb === "post";

  const printButton = document.querySelector("[data-print]");
  if (printButton) {
    printButton.hidden = false;
    printButton.addEventListener("click", () => window.print());
  }

  for (const copyButton of document.querySelectorAll("[data-copies]")) {
    const text = document.getElementById(copyButton.dataset.copies);
    const say = (words) => { document.querySelector("[data-copied]").textContent = words; };
    copyButton.hidden = false;
    copyButton.addEventListener("click", async () => {
      try {
        await navigator.clipboard.writeText(text.textContent);
        say("Copied.");
      } catch {
        window.getSelection().selectAllChildren(text);
        say("This browser does not let the page copy. The note is selected: press Ctrl and C.");
      }
    });
  }

  // A hidden page asks for nothing; it catches up when it is looked at again, or online again.
  const catchUp = () => {
    const refresh = document.querySelector("[data-refresh]");
    if (refresh) htmx.trigger(refresh, "catch-up");
  };
  document.addEventListener("htmx:beforeRequest", (event) => {
    if (document.hidden && !isClick(event)) event.preventDefault();
  });
  document.addEventListener("visibilitychange", catchUp);
  window.addEventListener("online", catchUp);

  // After a swap the focus stays where it was, or goes to the same card, one beside it, the board;
  // not into a fold of done work, unless it was there.
  let opened = [];
  let places = [];
  let wasInFold = false;
  let scrolledTo = 0;

  const isInFold = (element) => element.closest(".hub-closed") !== null;
  const placesNear = (active) => {
    const card = document.getElementById(active.dataset.card) ?? active.closest("article");
    const cards = [card, card?.nextElementSibling, card?.previousElementSibling];
    const ids = cards.filter((one) => one?.matches("article")).map((one) => one.id);
    return [active.id, ...ids, "board"].filter(Boolean);
  };

  document.addEventListener("htmx:beforeSwap", () => {
    opened = [...document.querySelectorAll("#board details[open]")].map((details) => details.id);
    const active = document.activeElement;
    places = active.closest("[data-live]") ? placesNear(active) : [];
    wasInFold = isInFold(active);
    scrolledTo = window.scrollY;
  });
  document.addEventListener("htmx:afterSwap", (event) => {
    for (const id of opened) {
      const details = document.getElementById(id);
      if (details && !(isClick(event) && id.startsWith("more-"))) details.open = true;
    }
    places
      .map((id) => document.getElementById(id))
      .find((place) => place?.checkVisibility() && (wasInFold || !isInFold(place)))
      ?.focus({ preventScroll: !isClick(event) });
    if (!isClick(event)) window.scrollTo({ top: scrolledTo, behavior: "instant" });
  });

  // The second half of a double click would hit the card that has moved up.
  document.addEventListener(
    "click",
    (event) => {
      if (event.detail > 1 && event.target.closest("[data-live] button")) event.preventDefault();
    },
    { capture: true },
  );

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

  // What the server says, and that it says nothing.
  const clock = (moment) =>
    moment.toLocaleTimeString("en-GB", {
      hour: "2-digit",
      minute: "2-digit",
      timeZone: "Europe/London",
    });
  const warn = (text) => {
    const banner = document.querySelector("[data-lost]");
    if (!banner) return;
    banner.textContent = text;
    banner.hidden = text === "";
  };
  let lostAt = null;
  let unsaved = "";

  document.addEventListener("htmx:afterRequest", (event) => {
    const { successful, xhr } = event.detail;
    if (!successful && xhr?.status !== 409) return;
    if (lostAt || isClick(event)) warn("");
    lostAt = null;
    unsaved = "";
    const updated = document.querySelector("[data-updated]");
    if (updated) updated.textContent = clock(new Date(xhr.getResponseHeader("Date") ?? Date.now()));
  });

  const serverLost = (event) => {
    lostAt ??= clock(new Date());
    if (isClick(event)) {
      const sure = event.type === "htmx:timeout" ? "may not have been" : "was not";
      unsaved = `Your last click ${sure} saved. `;
    }
    warn(
      `The server has not answered since ${lostAt}. ${unsaved}What you see may be out of date. ` +
        "This page tries again every 20 seconds.",
    );
  };
  document.addEventListener("htmx:sendError", serverLost);
  document.addEventListener("htmx:timeout", serverLost);
  document.addEventListener("htmx:responseError", (event) => {
    if (event.detail.xhr.status >= 500) serverLost(event);
    else if (!isClick(event)) window.location.reload();
    else warn("Your last click was not saved: this page is too old. Reload it and try again.");
  });
})();
