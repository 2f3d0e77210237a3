// The authors' editor: what you see is what readers get, kept as Markdown in the textarea below it. Without this script
// the textarea is the editor.
import { Editor, Image, Markdown, StarterKit, TableKit } from "./vendor/tiptap-3.34.0/tiptap.min.js";

const place = document.querySelector("[data-editor]");
const area = place.querySelector("textarea");
const label = place.querySelector("label");
const tools = place.querySelector("[role=toolbar]");
const buttons = [...tools.querySelectorAll("button")];
const said = place.querySelector("[role=status]");
const chooser = place.querySelector("input[type=file]");
const surface = document.createElement("div");
const described = [area.getAttribute("aria-describedby"), "editor-keys"].filter(Boolean).join(" ");

const editor = new Editor({
  element: surface,
  injectCSS: false,
  content: area.value,
  contentType: "markdown",
  extensions: [
    StarterKit.configure({ underline: false, link: { openOnClick: false, protocols: ["http", "https", "mailto", "tel"] } }),
    TableKit.configure({ table: { resizable: false } }),
    Image,
    Markdown,
  ],
  editorProps: {
    attributes: {
      class: "form-control article written", role: "textbox", "aria-multiline": "true", "aria-labelledby": label.id,
      "aria-describedby": described, lang: place.dataset.language,
    },
    handlePaste: (_view, event) => take(event, event.clipboardData),
    handleDrop: (_view, event, _slice, moved) => !moved && take(event, event.dataTransfer),
    handleKeyDown: (_view, event) => {
      if (event.key !== "Escape") return false;
      buttons.find((button) => button.tabIndex === 0).focus();
      return true;
    },
  },
  onUpdate: () => { area.value = editor.getMarkdown(); },
  onTransaction: () => show(),
});

// What each tool does, and when it is on.
const chain = () => editor.chain().focus();
const TOOLS = {
  bold: [() => chain().toggleBold().run(), () => editor.isActive("bold")],
  italic: [() => chain().toggleItalic().run(), () => editor.isActive("italic")],
  strikethrough: [() => chain().toggleStrike().run(), () => editor.isActive("strike")],
  code: [() => chain().toggleCode().run(), () => editor.isActive("code")],
  "h-2": [() => chain().toggleHeading({ level: 2 }).run(), () => editor.isActive("heading", { level: 2 })],
  "h-3": [() => chain().toggleHeading({ level: 3 }).run(), () => editor.isActive("heading", { level: 3 })],
  list: [() => chain().toggleBulletList().run(), () => editor.isActive("bulletList")],
  "list-numbers": [() => chain().toggleOrderedList().run(), () => editor.isActive("orderedList")],
  quote: [() => chain().toggleBlockquote().run(), () => editor.isActive("blockquote")],
  "source-code": [() => chain().toggleCodeBlock().run(), () => editor.isActive("codeBlock")],
  link: [link, () => editor.isActive("link")],
  photo: [() => chooser.click()],
  table: [() => chain().insertTable({ rows: 3, cols: 2, withHeaderRow: true }).run()],
  "row-insert-bottom": [() => chain().addRowAfter().run()],
  "row-remove": [() => chain().deleteRow().run()],
  "column-insert-right": [() => chain().addColumnAfter().run()],
  "column-remove": [() => chain().deleteColumn().run()],
  "table-off": [() => chain().deleteTable().run()],
  "arrow-back-up": [() => chain().undo().run()],
  "arrow-forward-up": [() => chain().redo().run()],
  markdown: [turn, () => !area.hidden],
};

function link() {
  const address = window.prompt(place.dataset.ask, editor.getAttributes("link").href ?? "");
  if (address === "") chain().extendMarkRange("link").unsetLink().run();
  else if (address && editor.state.selection.empty && !editor.isActive("link")) chain().insertContent({ type: "text", text: address, marks: [{ type: "link", attrs: { href: address } }] }).run();
  else if (address) chain().extendMarkRange("link").setLink({ href: address }).run();
}

// Between the page as readers see it and its Markdown.
function turn() {
  if (area.hidden) {
    area.hidden = false;
    surface.hidden = true;
    area.focus();
  } else {
    editor.commands.setContent(area.value, { contentType: "markdown", emitUpdate: false });
    area.hidden = true;
    surface.hidden = false;
    editor.commands.focus();
  }
  show();
}

function show() {
  if (!editor) return;
  const inTable = editor.isActive("table") && area.hidden;
  for (const button of buttons) {
    const [, isOn] = TOOLS[button.dataset.tool];
    if (isOn) button.setAttribute("aria-pressed", String(isOn()));
    button.disabled = !area.hidden && !["markdown", "photo"].includes(button.dataset.tool);
    if ("table" in button.dataset) button.hidden = !inTable;
  }
}

// Files that are pasted, dropped or chosen are kept with the entry and named in the text.
function take(event, data) {
  const files = [...(data?.files ?? [])];
  if (!files.length) return false;
  event.preventDefault();
  keep(files);
  return true;
}

async function keep(files) {
  const form = new FormData();
  files.forEach((file) => form.append("files", file));
  form.append("csrf_token", area.form.elements.csrf_token.value);
  said.textContent = place.dataset.keeping;
  const answer = await fetch(place.dataset.upload, { method: "POST", body: form }).catch(() => null);
  const told = await answer?.json().catch(() => null);
  if (!answer?.ok || !told?.files) {
    said.textContent = told?.message ?? place.dataset.failed;
    return;
  }
  const words = told.files.map((file) => file.markdown).join("\n\n");
  if (area.hidden) chain().insertContent(words, { contentType: "markdown" }).run();
  else area.setRangeText(words, area.selectionStart, area.selectionEnd, "end");
  changed = true;
  said.textContent = place.dataset.kept;
}
chooser.addEventListener("change", () => { keep([...chooser.files]); chooser.value = ""; });
area.addEventListener("paste", (event) => take(event, event.clipboardData));
area.addEventListener("drop", (event) => take(event, event.dataTransfer));

// One stop of the Tab key; arrows lead from tool to tool.
tools.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (button) { lead(button); TOOLS[button.dataset.tool][0](); }
});
tools.addEventListener("keydown", (event) => {
  const usable = buttons.filter((button) => !button.hidden && !button.disabled);
  const now = usable.indexOf(document.activeElement);
  const next = { ArrowRight: now + 1, ArrowLeft: now - 1, Home: 0, End: usable.length - 1 }[event.key];
  if (next === undefined) return;
  event.preventDefault();
  const button = usable[(next + usable.length) % usable.length];
  lead(button);
  button.focus();
});
function lead(chosen) {
  buttons.forEach((button) => { button.tabIndex = button === chosen ? 0 : -1; });
}

// Nobody leaves the page by mistake with words that are not kept.
let changed = false;
area.form.addEventListener("input", () => { changed = true; });
editor.on("update", () => { changed = true; });
area.form.addEventListener("submit", (event) => { if (!event.submitter?.formTarget) changed = false; });
window.addEventListener("beforeunload", (event) => { if (changed) event.preventDefault(); });

area.hidden = true;
tools.hidden = false;
area.before(tools, surface);
label.addEventListener("click", (event) => { if (area.hidden) { event.preventDefault(); editor.commands.focus(); } });
lead(buttons[0]);
show();
