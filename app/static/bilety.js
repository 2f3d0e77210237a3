// Small comforts; every page works without them.
"use strict";

// A menu closes with Escape and when the focus or a click goes elsewhere.
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") {
    document.querySelectorAll("details.account[open]").forEach((menu) => {
      menu.open = false;
      menu.querySelector("summary").focus();
    });
  }
});
document.addEventListener("click", (event) => {
  document.querySelectorAll("details.account[open]").forEach((menu) => {
    if (!menu.contains(event.target)) menu.open = false;
  });
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

// A box in the head of a list checks all of its rows.
document.addEventListener("change", (event) => {
  if (event.target.matches("input[data-check-all]")) {
    document.querySelectorAll("input[name=rows]").forEach((box) => { box.checked = event.target.checked; });
  }
});
