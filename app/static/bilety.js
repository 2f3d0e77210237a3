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

// Who is sent back to a long form goes on where it has to be mended.
document.querySelector("form[data-first-error] .is-invalid")?.focus();

// A browser that knows of no network may reach this desk all the same: on the same machine, or in the same house.
const sendIfReached = async (form, submitter) => {
  if (await fetch(location.href, { method: "HEAD", cache: "no-store" }).catch(() => null)) {
    form.dataset.reached = "yes";
    form.requestSubmit(submitter);
    return;
  }
  const said = document.createElement("p");
  said.className = "invalid-feedback d-block";
  said.dataset.offline = "";
  said.setAttribute("role", "alert");
  said.textContent = document.body.dataset.offline;
  (submitter?.closest(".actions") || submitter || form.lastElementChild).after(said);
};

// A form is sent once, however often its button is pressed; one that is looked at in a frame stays where it is.
// Without a network it stays too, with all that was typed and chosen, instead of giving way to a page of the browser's.
document.addEventListener("submit", (event) => {
  const form = event.target;
  form.querySelector("[data-offline]")?.remove();
  if (form.method === "post" && !event.submitter?.formTarget) {
    if (!navigator.onLine && !form.dataset.reached) {
      event.preventDefault();
      event.stopImmediatePropagation();
      sendIfReached(form, event.submitter);
      return;
    }
    delete form.dataset.reached;
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

// A link to a small form opens it in a dialog, which gives the focus back.
document.addEventListener("click", async (event) => {
  const link = event.target.closest("a[data-dialog]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  const answer = await fetch(link.href, { headers: { "X-Part": "1" } }).catch(() => null);
  if (!answer?.ok || answer.redirected) return window.location.assign(link.href);
  const dialog = document.createElement("dialog");
  dialog.className = "sheet";
  dialog.setAttribute("aria-labelledby", "change-title");
  dialog.innerHTML = await answer.text();
  dialog.querySelector("[name=back]").value = location.pathname + location.search;
  dialog.addEventListener("close", () => { dialog.remove(); link.focus(); });
  document.body.append(dialog);
  dialog.showModal();
  dialog.querySelector("select:enabled").focus();
});
document.addEventListener("click", (event) => {
  const dialog = event.target.closest("[data-close]")?.closest("dialog");
  if (!dialog) return;
  event.preventDefault();
  dialog.close();
});

// What can be put in order moves by one place: the form is sent in the order of the page.
document.querySelectorAll("[data-sorted] [data-step]").forEach((button) => { button.hidden = false; });
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-sorted] [data-step]");
  if (!button) return;
  const item = button.closest("li");
  if (button.dataset.step === "1") item.nextElementSibling?.after(item);
  else item.previousElementSibling?.before(item);
  button.focus();
});

// A text that the page offers goes into the answer where the cursor is.
const showInserts = () => document.querySelectorAll("[data-insert][hidden]").forEach((button) => { button.hidden = false; });
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-insert]");
  const area = document.querySelector("#reply textarea");
  if (!button || !area) return;
  area.setRangeText(`${button.dataset.insert}\n`, area.selectionStart, area.selectionEnd, "end");
  area.focus();
  area.dispatchEvent(new Event("input", { bubbles: true }));
});
if (document.querySelector("#reply textarea")) new MutationObserver(showInserts).observe(document.body, { childList: true, subtree: true });

// Counts of queues stay fresh while somebody looks; the server answers 304 while nothing has changed.
const counted = document.querySelector("[data-counts]");
const COUNTS_EVERY = 15000;
let countsTag = "";
const count = async () => {
  if (document.hidden) return;
  const known = countsTag ? { "If-None-Match": countsTag } : {};
  const answer = await fetch(counted.dataset.counts, { cache: "no-store", headers: known }).catch(() => null);
  countsTag = answer?.headers.get("ETag") || countsTag;
  if (!answer?.ok || answer.redirected) return;
  Object.entries(await answer.json()).forEach(([code, number]) => {
    document.querySelectorAll(`[data-count="${code}"]`).forEach((place) => {
      if (place.textContent !== number) place.textContent = number;
    });
  });
  if (!known["If-None-Match"]) counted.querySelector("[aria-current]")?.scrollIntoView({ block: "nearest" });
};
if (counted) {
  count();
  setInterval(count, COUNTS_EVERY);
  document.addEventListener("visibilitychange", count);
}

// What is folded opens when a link leads there.
const unfold = () => {
  const target = location.hash.length > 1 && document.getElementById(location.hash.slice(1));
  const fold = target && target.querySelector(":scope > details");
  if (fold) fold.open = true;
};
window.addEventListener("hashchange", unfold);
unfold();

// Ctrl+Enter sends a form by its first button.
document.addEventListener("keydown", (event) => {
  const form = event.target.closest?.("form[data-quick]");
  if (form && event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    form.requestSubmit(form.querySelector("button[type=submit]"));
  }
});

// Pointing at sentences (app/views/translate/on_page.py): a click leads to the translators' desk, with Alt it does as ever.
document.addEventListener("click", (event) => {
  const bar = document.querySelector(".pointing");
  const sentence = event.target.closest?.("[data-sentence]");
  if (bar && sentence && !event.altKey) {
    event.preventDefault();
    event.stopImmediatePropagation();
    window.location.assign(`${bar.dataset.desk}${sentence.dataset.sentence}?${bar.dataset.query}`);
  }
}, true);

// What is written is a draft at once in this tab, and after a pause on the server: it outlives a reload and a sign-in.
{
  const PAUSE = 1500, AGAIN = 10000; // ms: after the last letter, and after what failed
  const WRITTEN = "textarea, input[type=text], select";
  const stored = (key) => JSON.parse(sessionStorage.getItem(key) || "null");
  const keyOf = (form) => `draft ${document.body.dataset.account} ${form.dataset.draft}`;
  const wordsOf = (form) => Object.fromEntries([...form.querySelectorAll(WRITTEN)].filter((box) => box.name).map((box) => [box.name, box.value]));
  const say = (form, words, isUrgent) => {
    const place = form.querySelector("[data-kept]");
    place.querySelector("[data-said]")?.remove();
    place.insertAdjacentHTML("beforeend", '<p class="form-hint" data-said></p>');
    place.lastElementChild.textContent = words;
    if (isUrgent) place.lastElementChild.setAttribute("role", "alert");
  };
  const keeping = new Map(); // form -> its timer, the request that is under way, and the files that the server has not yet
  const stateOf = (form) => keeping.get(form) || keeping.set(form, { files: [] }).get(form);
  const sendIn = (form, pause) => {
    clearTimeout(stateOf(form).timer);
    stateOf(form).timer = setTimeout(() => send(form), pause);
  };
  const stop = (form) => {
    clearTimeout(stateOf(form).timer);
    stateOf(form).request?.abort();
  };
  const hold = (input, files) => {
    const carried = new DataTransfer();
    files.forEach((file) => carried.items.add(file));
    input.files = carried.files;
  };
  const showProgress = (form, input) => {
    const progress = document.createElement("progress");
    progress.max = 1;
    progress.setAttribute("aria-label", form.dataset.draftUploading);
    input.after(progress);
    return progress;
  };
  const send = (form) => {
    const state = stateOf(form), files = state.files, input = form.querySelector("input[type=file]");
    state.again = Boolean(state.request);
    if (state.again) return; // One after the other: each tells which files go with the words, and none is sent in vain.
    const request = state.request = new XMLHttpRequest();
    const progress = files.length ? showProgress(form, input) : null;
    request.open("POST", form.dataset.draft);
    request.setRequestHeader("X-Draft", "1");
    request.timeout = files.length ? 0 : AGAIN;
    request.upload.onprogress = (event) => { if (progress && event.lengthComputable) progress.value = event.loaded / event.total; };
    request.onabort = () => { request.stopped = true; };
    request.onloadend = () => {
      progress?.remove();
      state.request = null;
      if (request.stopped) return;
      state.signedOut = request.responseURL.includes("/login") || request.status === 400;
      if (request.status !== 200 || state.signedOut) {
        say(form, state.signedOut ? form.dataset.draftSignedOut : form.dataset.draftFailed, state.signedOut);
        if (!request.status || request.status >= 500) sendIn(form, AGAIN);
        return;
      }
      form.querySelector("[data-kept]").innerHTML = request.responseText;
      state.files = state.files.filter((file) => !files.includes(file));
      if (files.length) hold(input, state.files);
      if (state.again) send(form);
    };
    const data = new FormData(form);
    form.querySelectorAll("input[type=file]").forEach((each) => data.delete(each.name));
    files.forEach((file) => data.append(input.name, file));
    request.send(data);
  };
  const keepSoon = (form) => {
    sessionStorage.setItem(keyOf(form), JSON.stringify({ at: Date.now(), words: wordsOf(form) }));
    sendIn(form, PAUSE);
  };
  // What is chosen while others are still on their way joins them, where a browser would let go of those.
  const upload = (input) => {
    const state = stateOf(input.form), files = [...state.files, ...input.files];
    hold(input, files);
    if (!files.length || sayTooLarge(input)) return;
    state.files = files;
    send(input.form);
  };
  const take = (form, files) => {
    const input = form.querySelector("input[type=file]");
    if (!input || !files.length) return false;
    input.files = files;
    input.dispatchEvent(new Event("change", { bubbles: true }));
    return true;
  };
  // Who comes back after signing in elsewhere goes on with the same page: its forms get the marks of the new session.
  const goOn = async () => {
    if (document.hidden || ![...keeping.values()].some((state) => state.signedOut)) return;
    const answer = await fetch(location.href).catch(() => null);
    if (!answer?.ok || answer.redirected) return;
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("[name=csrf_token]");
    if (!fresh || !document.body.dataset.account) return;
    document.querySelectorAll("[name=csrf_token]").forEach((mark) => { mark.value = fresh.value; });
    keeping.forEach((state, form) => {
      if (state.signedOut) send(form);
      state.signedOut = false;
    });
  };
  document.addEventListener("visibilitychange", goOn);
  window.addEventListener("focus", goOn);
  const drafted = (element) => element.closest?.("form[data-draft]");
  document.addEventListener("input", (event) => {
    const form = drafted(event.target);
    if (form && event.target.matches(WRITTEN)) keepSoon(form);
  });
  document.addEventListener("change", (event) => {
    if (drafted(event.target) && event.target.matches("input[type=file]")) upload(event.target);
  });
  document.addEventListener("paste", (event) => {
    const form = drafted(event.target);
    if (form && take(form, event.clipboardData.files)) event.preventDefault();
  });
  document.addEventListener("dragover", (event) => {
    if (drafted(event.target) && event.dataTransfer.types.includes("Files")) event.preventDefault();
  });
  document.addEventListener("drop", (event) => {
    const form = drafted(event.target);
    if (form && take(form, event.dataTransfer.files)) event.preventDefault();
  });
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.action.endsWith("/logout")) sessionStorage.clear();
    if (!form.dataset.draft || event.defaultPrevented) return;
    stop(form);
    if (event.submitter?.value === "discard") sessionStorage.removeItem(keyOf(form));
    else sessionStorage.setItem(keyOf(form), JSON.stringify({ at: Date.now(), words: wordsOf(form), sent: true }));
  });
  // Where a form leads when it was taken: to its message, or to the new ticket. Elsewhere its words come back.
  const arrived = (key) => key.includes("/new/") ? /^\/tickets\/\d+$/.test(location.pathname) : /^#(m\d+|sent)$/.test(location.hash);
  Object.keys(sessionStorage).filter((key) => key.startsWith("draft ") && stored(key).sent && arrived(key))
    .forEach((key) => sessionStorage.removeItem(key));
  document.querySelectorAll("form[data-draft]").forEach((form) => {
    const kept = stored(keyOf(form));
    if (!kept || kept.at < Number(form.dataset.draftAt)) return;
    Object.entries(kept.words).forEach(([name, value]) => {
      const box = [...form.querySelectorAll(WRITTEN)].find((each) => each.name === name);
      if (box && !box.value) box.value = value;
    });
  });
}

// What was asked for a part of a page leaves it as it is where the answer is another page: to sign in, or of a failure.
document.addEventListener("htmx:before:response", (event) => {
  const { raw } = event.detail.ctx.response;
  if (raw.status >= 429 || (raw.redirected && new URL(raw.url).pathname === "/login")) event.preventDefault();
});

// What a page leaves out to be light comes after it.
document.querySelectorAll("[data-fetch]").forEach(async (place) => {
  const answer = await fetch(place.dataset.fetch, { headers: { "HX-Request": "true" } }).catch(() => null);
  if (answer?.ok && !answer.redirected) place.innerHTML = await answer.text();
});

// The seconds until an answer leaves are counted down; of a page that cannot, it leaves at once.
document.querySelector("#reply form")?.addEventListener("formdata", (event) => event.formData.set("counts_down", "1"));
document.querySelectorAll("[data-leaves]").forEach((timer) => {
  const end = Date.now() + timer.dataset.leaves * 1000;
  const counting = setInterval(() => {
    const left = Math.ceil((end - Date.now()) / 1000);
    if (left > 0) timer.querySelector("[data-seconds]").textContent = left;
    else {
      clearInterval(counting);
      const held = timer.closest(".held");
      held.querySelector("h2").textContent = timer.dataset.left;
      held.querySelector("button")?.remove();
      timer.remove();
    }
  }, 250);
});

// Who else has this ticket open, who writes, and what came meanwhile: asked every 15 s while somebody looks.
{
  const live = document.querySelector("[data-live]");
  let tag = "";
  const writes = () => [...document.querySelectorAll("#reply textarea, #note textarea")].some((box) => box === document.activeElement && box.value);
  const ask = async () => {
    if (document.hidden) return;
    const address = `${live.dataset.live}${writes() ? "&writes=1" : ""}`;
    const answer = await fetch(address, { headers: tag ? { "If-None-Match": tag } : {} }).catch(() => null);
    if (answer?.status !== 200 || answer.redirected) return;
    tag = answer.headers.get("ETag") || "";
    live.innerHTML = await answer.text();
  };
  if (live) {
    ask();
    setInterval(ask, 15000);
  }
}
