// The page behind a link. The token after the # never reaches the server by itself: this asks with it in a header,
// and puts the answer in place. The token stays in memory and in the form that takes the alert.
"use strict";

(() => {
  const { hotpotato } = window;

  const place = (text) => {
    const fresh = new DOMParser().parseFromString(text, "text/html");
    const main = fresh.querySelector("main");
    if (!main) return;
    document.querySelector("main").replaceWith(document.importNode(main, true));
    document.querySelector("header").replaceWith(document.importNode(fresh.querySelector("header"), true));
    document.title = fresh.title;
    document.documentElement.lang = fresh.documentElement.lang;
    const scheme = fresh.querySelector("footer button[data-scheme]");
    if (scheme) document.querySelector("footer button[data-scheme]").textContent = scheme.textContent;
    hotpotato.count();
  };

  const ask = async (options) => {
    hotpotato.isBusy = true;
    try {
      const answer = await fetch(location.pathname, { ...options, headers: hotpotato.headers, cache: "no-store" });
      place(await answer.text());
      return true;
    } catch {
      hotpotato.tell("unsent", true);
      return false;
    } finally {
      hotpotato.isBusy = false;
    }
  };

  const open = () => {
    const token = location.hash.slice(1);
    if (!/^[\w-]{22}$/.test(token)) return;
    hotpotato.headers = { Accept: "text/html", Authorization: `Bearer ${token}` };
    ask({});
  };

  // The button: sent from here, so that the page keeps its link and goes on showing how things stand.
  document.addEventListener("submit", async (event) => {
    const form = event.target;
    const token = form.querySelector("input[type=hidden][name=token]");
    if (!token || !hotpotato.headers.Authorization) return;
    event.preventDefault();
    const button = form.querySelector("button");
    button.disabled = true;
    const body = new URLSearchParams({ token: token.value, action: "acknowledge" });
    if (!(await ask({ method: "POST", body }))) button.disabled = false;
  });

  window.addEventListener("hashchange", open);
  open();
})();
