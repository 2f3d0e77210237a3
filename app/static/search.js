// What is found while somebody types: a list under any box of search, by the ARIA pattern of a combobox. Enter without a
// choice searches as ever.
"use strict";

{
  const PAUSE = 200;
  const SHORTEST = 3;
  const BOX = "input[data-finds]";
  const asked = new WeakMap(); // box -> its timer and the request that is under way
  const listOf = (box) => document.getElementById(box.dataset.finds);
  const optionsOf = (box) => [...listOf(box).querySelectorAll("[role=option]")];
  const chosenOf = (box) => listOf(box).querySelector("[aria-selected=true]");
  const forget = (box) => {
    clearTimeout(asked.get(box)?.timer);
    asked.get(box)?.request?.abort();
  };
  const choose = (box, option) => {
    chosenOf(box)?.removeAttribute("aria-selected");
    option?.setAttribute("aria-selected", "true");
    option?.scrollIntoView({ block: "nearest" });
    if (option) box.setAttribute("aria-activedescendant", option.id);
    else box.removeAttribute("aria-activedescendant");
  };
  const show = (box, open) => {
    listOf(box).hidden = !open;
    box.setAttribute("aria-expanded", String(open));
    if (!open) choose(box, null);
  };
  const close = (box) => {
    forget(box);
    show(box, false);
  };
  const ask = async (box) => {
    const request = new AbortController();
    asked.set(box, { request });
    const address = `/search/typing?${new URLSearchParams(new FormData(box.form))}`;
    const answer = await fetch(address, { signal: request.signal }).catch(() => null);
    const words = answer?.ok ? await answer.text().catch(() => "") : "";
    if (request.signal.aborted) return; // What was typed since is asked already.
    listOf(box).innerHTML = words;
    optionsOf(box).forEach((option, place) => { option.id = `${box.dataset.finds}-${place}`; });
    show(box, optionsOf(box).length > 0);
    const said = listOf(box).querySelector("[data-said]")?.dataset.said || "";
    listOf(box).parentElement.querySelector("[aria-live]").textContent = said;
  };
  const move = (box, step) => {
    const options = optionsOf(box);
    const next = options.indexOf(chosenOf(box)) + step;
    // From either end the way leads back into the box, and from there to the other end.
    choose(box, options[next === -2 ? options.length - 1 : next] || null);
  };
  // The filters of a search that was not narrowed are counted when somebody opens them; what he chose stays chosen.
  document.querySelector("details:has([data-count-later])")?.addEventListener("toggle", async (event) => {
    const [fold, link] = [event.target, event.target.querySelector("[data-count-later]")];
    if (!fold.open || !link) return;
    const answer = await fetch(link.href).catch(() => null);
    const page = new DOMParser().parseFromString(answer?.ok ? await answer.text().catch(() => "") : "", "text/html");
    const counted = page.querySelectorAll("details.filter-box select");
    counted.forEach((fresh) => {
      const shown = fold.querySelector(`[name="${fresh.name}"]`);
      if (!shown) return fold.querySelector(".do").before(fresh.parentElement);
      const chosen = shown.value;
      shown.replaceChildren(...fresh.children);
      shown.value = chosen;
    });
    if (counted.length) link.remove();
  });
  document.querySelectorAll(BOX).forEach((box) => {
    box.setAttribute("role", "combobox");
    box.setAttribute("aria-autocomplete", "list");
    box.setAttribute("aria-controls", box.dataset.finds);
    box.setAttribute("aria-expanded", "false");
    listOf(box).addEventListener("mousedown", (event) => event.preventDefault()); // The box keeps the focus.
    box.addEventListener("input", () => {
      forget(box);
      choose(box, null);
      if (box.value.trim().length < SHORTEST) return show(box, false);
      asked.set(box, { timer: setTimeout(() => ask(box), PAUSE) });
    });
    box.addEventListener("blur", () => close(box));
    box.form.addEventListener("submit", () => close(box));
    box.addEventListener("keydown", (event) => {
      if (listOf(box).hidden) {
        if (event.key === "ArrowDown" && optionsOf(box).length) show(box, true);
        return;
      }
      if (event.key === "ArrowDown") move(box, 1);
      else if (event.key === "ArrowUp") move(box, -1);
      else if (event.key === "Escape") close(box);
      else if (event.key === "Enter" && chosenOf(box) && !event.isComposing) chosenOf(box).click();
      else return;
      event.preventDefault();
    });
  });
}
