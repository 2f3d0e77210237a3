// The desk by keyboard: Ctrl+K jumps anywhere; single keys walk a list and open what is asked, unless somebody types.
// Single keys can be switched off (WCAG 2.1.4); the list of all is a page, /desk/shortcuts/.
"use strict";

{
  const single = document.currentScript.dataset.single === "on";
  const TYPED = "input:not([type=checkbox]), textarea, select, [contenteditable=true], dialog";
  const opened = () => document.querySelector("dialog[open]");

  const dialog = async (address, title, className) => {
    const before = document.activeElement;
    const answer = await fetch(address, { headers: { "X-Part": "1" } }).catch(() => null);
    if (!answer?.ok || answer.redirected || opened()) return null;
    const box = document.createElement("dialog");
    box.className = className;
    box.setAttribute("aria-labelledby", title);
    box.innerHTML = await answer.text();
    box.addEventListener("close", () => { box.remove(); before?.focus(); });
    box.addEventListener("click", (event) => { if (event.target === box) box.close(); });
    document.body.append(box);
    box.showModal();
    return box;
  };

  // Words are found in any order and without their accents.
  const plain = (words) => words.toLowerCase().normalize("NFD").replace(/\p{M}/gu, "").replaceAll("ł", "l");
  const jump = async () => {
    const box = await dialog("/desk/shortcuts/jump", "jump-title", "sheet jump");
    if (!box) return;
    const input = box.querySelector("input");
    const options = [...box.querySelectorAll("[role=option]")];
    const [ticket, search] = [box.querySelector("[data-ticket]"), box.querySelector("[data-search]")];
    let chosen = null;
    const choose = (option) => {
      chosen?.removeAttribute("aria-selected");
      chosen = option;
      option?.setAttribute("aria-selected", "true");
      option?.scrollIntoView({ block: "nearest" });
      input.setAttribute("aria-activedescendant", option?.id || "");
    };
    const shown = () => options.filter((option) => !option.hidden);
    const narrow = () => {
      const typed = input.value.trim();
      const words = plain(typed).split(/\s+/);
      const number = /^#?(\d{1,10})$/.exec(typed)?.[1];
      options.forEach((option) => { option.hidden = !words.every((word) => plain(option.textContent).includes(word)); });
      ticket.hidden = !number;
      ticket.dataset.url = `/desk/tickets/${number}`;
      ticket.querySelector("span").textContent = number || "";
      search.hidden = !typed;
      search.dataset.url = `/search?q=${encodeURIComponent(typed)}`;
      search.querySelector("span").textContent = typed;
      choose(shown()[0]);
    };
    const go = (option) => { if (option) window.location.assign(option.dataset.url); };
    input.addEventListener("input", narrow);
    input.addEventListener("keydown", (event) => {
      const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      if (event.key === "Enter") go(chosen);
      else if (step) {
        const list = shown();
        choose(list[(list.indexOf(chosen) + step + list.length) % list.length]);
      } else return;
      event.preventDefault();
    });
    box.addEventListener("click", (event) => go(event.target.closest("[role=option]")));
    narrow();
    input.focus();
  };

  const rows = () => [...document.querySelectorAll("table.tickets td.subject > a[id]")];
  const current = () => rows().findIndex((link) => link.closest("tr").contains(document.activeElement));
  const walk = (step) => rows()[Math.min(Math.max(current() + step, 0), rows().length - 1)]?.focus();
  // The numbers of the list that was seen last in this tab lead from one of its tickets to the next.
  const LIST = "list";
  if (rows().length) {
    const numbers = rows().map((link) => link.id.slice(1));
    sessionStorage.setItem(LIST, JSON.stringify({ numbers, address: window.location.href }));
  }
  const beside = document.querySelector("[data-neighbours]");
  const neighbour = (step) => beside?.querySelector(`[data-step="${step}"]:not([hidden])`);
  if (beside) {
    const list = JSON.parse(sessionStorage.getItem(LIST) || '{"numbers": []}');
    const place = list.numbers.indexOf(beside.dataset.neighbours);
    beside.hidden = place < 0;
    beside.querySelectorAll("[data-step]").forEach((link) => {
      const number = list.numbers[place + Number(link.dataset.step)];
      link.hidden = !number;
      link.href = `/desk/tickets/${number}`;
    });
    const back = beside.querySelector("[data-list]");
    back.href = list.address || back.href;
    back.querySelector("span").textContent = `${place + 1} / ${list.numbers.length}`;
  }
  const row = () => rows()[current()]?.closest("tr");
  const write = (place) => {
    const section = document.querySelector(place);
    section?.querySelectorAll("details:has(textarea)").forEach((fold) => { fold.open = true; });
    const area = section?.querySelector("textarea");
    area?.focus();
    area?.setSelectionRange(area.value.length, area.value.length);  // A draft goes on where it ended.
    return section;
  };
  const KEYS = {
    j: () => { if (rows().length) walk(1); else neighbour(1)?.click(); return rows().length || neighbour(1); },
    k: () => { if (rows().length) walk(-1); else neighbour(-1)?.click(); return rows().length || neighbour(-1); },
    x: () => { const box = row()?.querySelector("input[name=number]"); box?.click(); return box; },
    o: () => { const link = row()?.querySelector("a[id]"); link?.click(); return link; },
    e: () => { const link = row()?.querySelector("a[data-dialog]"); link?.click(); return link; },
    a: () => {
      const acts = document.querySelector(".bulk");
      acts?.querySelectorAll("details").forEach((fold) => { fold.open = true; });
      acts?.querySelector("select")?.focus();
      return acts;
    },
    r: () => write("#reply"),
    n: () => write("#note"),
    "?": () => (dialog("/desk/shortcuts/", "keys-title", "sheet"), true),
  };
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.altKey || event.isComposing) return;
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k" && !opened()) {
      event.preventDefault();
      jump();
    } else if (single && !event.ctrlKey && !event.metaKey && !event.target.closest?.(TYPED) && KEYS[event.key]?.()) event.preventDefault();
  });
}
