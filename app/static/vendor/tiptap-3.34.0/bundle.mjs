export { Editor } from "@tiptap/core";
export { default as StarterKit } from "@tiptap/starter-kit";
export { TableKit } from "@tiptap/extension-table";
export { default as Image } from "@tiptap/extension-image";
export { Markdown } from "@tiptap/markdown";
