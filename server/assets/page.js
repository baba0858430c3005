// What runs on every page: the choice of light or dark, the countdown to the next step, and keeping up with the
// server while somebody looks. Every page is complete without it.
"use strict";

(() => {
  const EVERY_MS = 5000;
  const SCHEME = "hotpotato.scheme";
  const root = document.documentElement;

  // What every request of this page carries besides; a link's token, kept in memory only.
  const hotpotato = { headers: { Accept: "text/html" }, isBusy: false };
  window.hotpotato = hotpotato;

  // Light or dark: as the system says, until somebody chooses.
  const remembered = () => {
    try { return localStorage.getItem(SCHEME); } catch { return null; }
  };
  const scheme = remembered();
  if (scheme === "light" || scheme === "dark") root.dataset.scheme = scheme;

  const switchScheme = () => {
    const system = matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
    const next = (root.dataset.scheme || system) === "dark" ? "light" : "dark";
    root.dataset.scheme = next;
    try { localStorage.setItem(SCHEME, next); } catch { /* it holds until the page is left */ }
  };

  // Says or takes back that the server cannot be reached.
  const tell = (what, isSo) => {
    for (const element of document.querySelectorAll(`[data-${what}]`)) element.hidden = !isSo;
  };
  hotpotato.tell = tell;

  // What a part says, without the countdowns in it.
  const gist = (part) => {
    const copy = part.cloneNode(true);
    for (const countdown of copy.querySelectorAll("[data-until]")) countdown.textContent = "";
    return copy.outerHTML;
  };

  // Puts what changed in place of what stood there. Nothing is moved from under a finger.
  const renew = (fresh) => {
    if (document.querySelector("button:active")) return;
    for (const old of document.querySelectorAll("[data-live]")) {
      const now = fresh.getElementById(old.id);
      if (now && gist(now) !== gist(old)) old.replaceWith(document.importNode(now, true));
    }
    const when = fresh.querySelector("[data-stale]");
    const stale = document.querySelector("[data-stale]");
    if (when && stale) stale.textContent = when.textContent;
    count();
  };

  const keepUp = async () => {
    if (document.hidden || hotpotato.isBusy || !document.querySelector("[data-live]")) return;
    try {
      const answer = await fetch(location.pathname + location.search, { headers: hotpotato.headers, cache: "no-store" });
      if (hotpotato.isBusy) return;
      if (answer.redirected) return location.reload();
      if (!answer.ok) return tell("stale", true);
      renew(new DOMParser().parseFromString(await answer.text(), "text/html"));
      tell("stale", false);
    } catch {
      tell("stale", true);
    }
  };

  const count = () => {
    for (const element of document.querySelectorAll("[data-until]")) {
      const left = Math.max(0, Math.round((Date.parse(element.dataset.until) - Date.now()) / 1000));
      const text = `${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}`;
      element.textContent = element.dataset.template.replace("~", text);
    }
  };
  hotpotato.count = count;

  document.addEventListener("DOMContentLoaded", () => {
    for (const button of document.querySelectorAll("button[data-scheme]")) {
      button.hidden = false;
      button.addEventListener("click", switchScheme);
    }
    setInterval(keepUp, EVERY_MS);
    setInterval(count, 1000);
  });
  document.addEventListener("visibilitychange", keepUp);
})();
