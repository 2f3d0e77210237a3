// Small comforts; every page works without them.
"use strict";

// A menu closes with Escape and when a click goes elsewhere.
const openMenus = () => document.querySelectorAll("details.drop[open]");
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") {
    openMenus().forEach((menu) => {
      menu.open = false;
      menu.querySelector("summary").focus();
    });
  }
});
document.addEventListener("click", (event) => {
  openMenus().forEach((menu) => {
    if (!menu.contains(event.target)) menu.open = false;
  });
});

// Files that are too large are refused before they are sent, and nothing that was written is lost.
const tooLarge = (input) => {
  const sizes = [...input.files].map((file) => file.size);
  return Math.max(0, ...sizes) > input.dataset.each || sizes.reduce((sum, size) => sum + size, 0) > input.dataset.whole;
};
const sayTooLarge = (input) => {
  const id = `${input.id}-too-large`;
  document.getElementById(id)?.remove();
  input.removeAttribute("aria-invalid");
  if (!tooLarge(input)) return false;
  const said = document.createElement("div");
  said.id = id;
  said.className = "invalid-feedback d-block";
  said.setAttribute("role", "alert");
  said.textContent = input.dataset.refusal;
  input.setAttribute("aria-invalid", "true");
  input.after(said);
  return true;
};
const FILES = "input[type=file][data-refusal]";
document.addEventListener("change", (event) => { if (event.target.matches(FILES)) sayTooLarge(event.target); });
document.addEventListener("submit", (event) => {
  const refused = [...event.target.querySelectorAll(FILES)].filter(sayTooLarge);
  if (refused.length) {
    event.preventDefault();
    event.stopImmediatePropagation();
    refused[0].focus();
  }
});

// A form is sent once, however often its button is pressed.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method === "post") {
    if (form.dataset.sent) event.preventDefault();
    form.dataset.sent = "yes";
  }
});
window.addEventListener("pageshow", () => {
  document.querySelectorAll("form[data-sent]").forEach((form) => delete form.dataset.sent);
});

// A box in the head of a list chooses all of its rows, and the list says how many are chosen.
const rowsOf = (all) => [...document.querySelectorAll(`input[name=${all.dataset.checkAll}]`)];
document.querySelectorAll("input[data-check-all]").forEach((all) => { all.hidden = false; });
document.addEventListener("change", (event) => {
  document.querySelectorAll("input[data-check-all]").forEach((all) => {
    const rows = rowsOf(all);
    if (event.target === all) rows.forEach((row) => { row.checked = all.checked; });
    const chosen = rows.filter((row) => row.checked).length;
    all.checked = chosen > 0 && chosen === rows.length;
    all.indeterminate = chosen > 0 && chosen < rows.length;
    document.querySelectorAll("[data-chosen]").forEach((place) => { place.textContent = chosen ? ` (${chosen})` : ""; });
  });
});

// What is folded opens when a link leads there.
const unfold = () => {
  const target = location.hash.length > 1 && document.getElementById(location.hash.slice(1));
  const fold = target && target.querySelector(":scope > details");
  if (fold) fold.open = true;
};
window.addEventListener("hashchange", unfold);
unfold();
