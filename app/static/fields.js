// Mirrors the conditions of fields (app/fields/conditions.py); the server decides them again, and alone without this.
"use strict";

const boxes = () => [...document.querySelectorAll("[data-field]")];
const isEmpty = (value) => value === null || value === "" || (Array.isArray(value) && !value.length);

const valueOf = (box) => {
  if (box.hidden) return null;
  if (box.dataset.kind === "choices") return [...box.querySelectorAll("input:checked")].map((input) => input.value);
  const text = box.querySelector("input, select, textarea").value.trim();
  if (box.dataset.kind === "yes_no") return text === "" ? null : text === "yes";
  if (text !== "" && ["number", "money"].includes(box.dataset.kind)) return Number(text.replace(/\s/g, "").replace(",", "."));
  return text;
};

const compares = (condition, value) => {
  if (isEmpty(value)) return condition.filled === false;
  if ("filled" in condition) return condition.filled;
  if ("in" in condition) {
    const wanted = condition.in.map((one) => (typeof value === "number" ? Number(one) : one));
    return Array.isArray(value) ? value.some((one) => wanted.includes(one)) : wanted.includes(value);
  }
  const bound = (one) => (typeof value === "number" ? Number(one) : one);
  return "from" in condition ? value >= bound(condition.from) : value <= bound(condition.to);
};

const holds = (condition, values) => {
  if ("all" in condition) return condition.all.every((part) => holds(part, values));
  if ("any" in condition) return condition.any.some((part) => holds(part, values));
  if ("not" in condition) return !holds(condition.not, values);
  return compares(condition, values[condition.field] ?? null);
};

const settle = () => {
  // What is hidden counts as empty for those that hang on it, so look again until nothing changes.
  for (let round = 0; round < 10; round += 1) {
    const values = Object.fromEntries(boxes().map((box) => [box.dataset.field, valueOf(box)]));
    let changed = false;
    boxes().forEach((box) => {
      const hide = "shown" in box.dataset && !holds(JSON.parse(box.dataset.shown), values);
      changed ||= hide !== box.hidden;
      box.hidden = hide;
      if (box.dataset.required) {
        const required = holds(JSON.parse(box.dataset.required), values);
        box.querySelector(".star").hidden = !required;
        box.querySelectorAll("input, select, textarea").forEach((input) => input.setAttribute("aria-required", required));
      }
      box.querySelectorAll("[data-allowed]").forEach((option) => {
        const allowed = holds(JSON.parse(option.dataset.allowed), values);
        option.hidden = !allowed;
        const input = option.querySelector("input") ?? option;
        input.disabled = !allowed;
      });
    });
    if (!changed) return;
  }
};

document.addEventListener("input", settle);
document.addEventListener("change", settle);
settle();
