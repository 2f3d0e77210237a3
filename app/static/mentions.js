// @ in an internal note offers the consultants who may read it, by the ARIA pattern of a list that a text box controls.
// Whoever goes on typing is not disturbed: the name counts as well without a choice.
"use strict";

{
  const MOST = 8;
  const BEGUN = /(?:^|[^\p{L}\p{N}_@.])@((?:[\p{L}\p{N}_.+-]+ ?){0,2}[\p{L}\p{N}_.+-]*)$/u; // at most three words
  const place = document.querySelector("[data-mentions]");
  const box = place?.querySelector("textarea");
  const list = place?.querySelector("[role=listbox]");
  const plain = (words) => words.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase().replaceAll("ł", "l");
  const begun = () => BEGUN.exec(box.value.slice(0, box.selectionStart))?.[1];
  const shown = () => [...list.querySelectorAll("[role=option]:not([hidden])")];
  const chosen = () => list.querySelector("[aria-selected=true]");
  const choose = (option) => {
    chosen()?.removeAttribute("aria-selected");
    option?.setAttribute("aria-selected", "true");
    option?.scrollIntoView({ block: "nearest" });
    if (option) box.setAttribute("aria-activedescendant", option.id);
    else box.removeAttribute("aria-activedescendant");
  };
  const close = () => {
    list.hidden = true;
    choose(null);
  };
  let people = null; // asked for once
  const load = async () => {
    const answer = await fetch(place.dataset.mentions, { headers: { "X-Part": "1" } }).catch(() => null);
    if (!answer?.ok || answer.redirected) return;
    list.innerHTML = await answer.text();
    list.querySelectorAll("[role=option]").forEach((option, row) => { option.id = `mention-${row}`; });
  };
  const offer = async () => {
    if (begun() === undefined) return close();
    people = people || load();
    await people;
    const words = begun();
    if (words === undefined) return close();
    let left = MOST;
    list.querySelectorAll("[role=option]").forEach((option) => {
      const fits = ` ${plain(option.dataset.sought)}`.includes(` ${plain(words)}`) && left > 0;
      option.hidden = !fits;
      left -= fits ? 1 : 0;
    });
    list.hidden = left === MOST;
    choose(list.hidden ? null : shown()[0]);
    place.querySelector("[aria-live]").textContent = shown().map((option) => option.dataset.words).join(", ");
  };
  const take = (option) => {
    const end = box.selectionStart;
    box.setRangeText(`${option.dataset.words} `, end - begun().length, end, "end");
    close();
    box.dispatchEvent(new Event("input", { bubbles: true })); // The draft is kept.
  };
  if (box) {
    box.setAttribute("aria-autocomplete", "list");
    box.setAttribute("aria-controls", list.id);
    box.addEventListener("input", (event) => { if (event.isTrusted) offer(); });
    box.addEventListener("blur", close);
    list.addEventListener("mousedown", (event) => {
      event.preventDefault(); // The box keeps the focus.
      const option = event.target.closest("[role=option]");
      if (option) take(option);
    });
    box.addEventListener("keydown", (event) => {
      if (list.hidden || event.isComposing) return;
      const options = shown();
      const row = options.indexOf(chosen());
      if (event.key === "ArrowDown") choose(options[(row + 1) % options.length]);
      else if (event.key === "ArrowUp") choose(options[(row + options.length - 1) % options.length]);
      else if (event.key === "Escape") close();
      else if ((event.key === "Enter" || event.key === "Tab") && chosen()) take(chosen());
      else return;
      event.preventDefault();
      event.stopPropagation();
    });
  }
}
