import { HighlightStyle, syntaxHighlighting } from "@codemirror/language";
import type { Extension } from "@codemirror/state";
import { EditorView } from "@codemirror/view";
import { tags } from "@lezer/highlight";

const theme = EditorView.theme({
  "&": { height: "100%", color: "var(--ck-color-text)", fontSize: "13px", backgroundColor: "transparent" },
  "&.cm-focused": { outline: "none" },
  ".cm-scroller": { fontFamily: "var(--ck-font-mono)", lineHeight: "20px", overflow: "auto" },
  ".cm-content": { padding: "10px 0 40px", caretColor: "var(--ck-color-text)" },
  ".cm-line": { padding: "0 16px 0 6px" },
  ".cm-cursor": { borderLeftColor: "var(--ck-color-text)", borderLeftWidth: "1.5px" },
  "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground": {
    background: "var(--s-selection)",
  },
  ".cm-gutters": {
    background: "var(--ck-color-surface)",
    border: "none",
    color: "var(--ck-color-text-tertiary)",
  },
  ".cm-lineNumbers .cm-gutterElement": { padding: "0 6px 0 14px", minWidth: "30px", fontSize: "11px" },
  ".cm-foldGutter .cm-gutterElement": { padding: "0 2px", cursor: "pointer" },
  ".cm-activeLine": { backgroundColor: "var(--s-line)" },
  ".cm-activeLineGutter": { backgroundColor: "transparent", color: "var(--ck-color-text)" },
  ".cm-matchingBracket, &.cm-focused .cm-matchingBracket": {
    backgroundColor: "var(--s-selection)",
    outline: "none",
  },
  ".cm-selectionMatch": { backgroundColor: "var(--s-line)" },
  ".cm-tooltip": {
    border: "none",
    borderRadius: "8px",
    backgroundColor: "var(--ck-color-surface-elevated)",
    color: "var(--ck-color-text)",
    boxShadow: "var(--ck-shadow-hairline), var(--ck-shadow-300)",
    overflow: "hidden",
    fontFamily: "var(--ck-font)",
  },
  ".cm-tooltip.cm-tooltip-autocomplete > ul": {
    fontFamily: "var(--ck-font-mono)",
    fontSize: "12px",
    maxHeight: "260px",
    padding: "4px",
  },
  ".cm-tooltip.cm-tooltip-autocomplete > ul > li": {
    padding: "4px 8px",
    borderRadius: "5px",
    lineHeight: "18px",
  },
  ".cm-tooltip-autocomplete > ul > li[aria-selected]": {
    backgroundColor: "var(--s-selection) !important",
    color: "var(--ck-color-text) !important",
  },
  ".cm-completionMatchedText": { textDecoration: "none", fontWeight: "700" },
  ".cm-completionDetail": {
    fontStyle: "normal",
    color: "var(--ck-color-text-secondary)",
    marginLeft: "10px",
  },
  ".cm-completionIcon": { display: "none" },
  ".cm-tooltip.cm-completionInfo": { padding: "8px 10px", maxWidth: "280px", fontSize: "12px" },
  ".cm-panels": { backgroundColor: "var(--ck-color-surface-secondary)", color: "var(--ck-color-text)" },
  ".cm-panels.cm-panels-bottom": { borderTop: "1px solid var(--ck-color-border)" },
  ".cm-panel.cm-search": { padding: "8px 10px", fontFamily: "var(--ck-font)" },
  ".cm-textfield": {
    border: "1px solid var(--ck-color-border-strong)",
    borderRadius: "6px",
    padding: "3px 8px",
    fontSize: "12px",
    backgroundColor: "var(--ck-color-surface)",
  },
  ".cm-button": {
    backgroundImage: "none",
    border: "1px solid var(--ck-color-border)",
    borderRadius: "6px",
    padding: "3px 8px",
    fontSize: "12px",
  },
  ".cm-searchMatch": { backgroundColor: "color-mix(in oklab, var(--ck-yellow-300) 45%, transparent)" },
  ".cm-diagnostic": { padding: "8px 12px", borderLeft: "none", fontSize: "13px", maxWidth: "440px" },
  ".cm-diagnosticAction": {
    margin: "6px 6px 0 0",
    padding: "3px 8px",
    borderRadius: "6px",
    background: "var(--ck-primary-solid)",
    color: "var(--ck-primary-on-solid)",
    fontFamily: "var(--ck-font)",
    fontSize: "12px",
    cursor: "pointer",
  },
  ".cm-lintRange": { backgroundImage: "none", textUnderlineOffset: "3px" },
  ".cm-lintRange-error": { textDecoration: "underline wavy var(--ck-color-text-danger) 1px" },
  ".cm-lintRange-warning": { textDecoration: "underline wavy var(--ck-color-text-warning) 1px" },
  ".cm-lintRange-info": { textDecoration: "underline dotted var(--ck-color-text-info) 1px" },
  ".cm-lintPoint:after": { display: "none" },
  ".cm-gutter-lint": { width: "12px" },
  ".cm-gutter-lint .cm-gutterElement": { padding: "0 0 0 5px" },
  ".cm-lint-marker": {
    width: "7px",
    height: "7px",
    marginTop: "7px",
    borderRadius: "50%",
    content: "none",
    cursor: "pointer",
  },
  ".cm-lint-marker-error": { backgroundColor: "var(--ck-red-500)" },
  ".cm-lint-marker-warning": { backgroundColor: "var(--ck-orange-400)" },
  ".cm-lint-marker-info": { backgroundColor: "var(--ck-blue-400)" },
  ".cm-placeholder": { color: "var(--ck-color-text-tertiary)" },
  ".cm-foldPlaceholder": { border: "none", background: "var(--s-line)", color: "inherit", padding: "0 6px" },
});

const colors = HighlightStyle.define([
  { tag: [tags.tagName, tags.typeName, tags.className], color: "var(--s-code-tag)" },
  { tag: [tags.attributeName, tags.propertyName], color: "var(--s-code-name)" },
  { tag: [tags.string, tags.special(tags.string), tags.regexp], color: "var(--s-code-string)" },
  { tag: [tags.number, tags.bool, tags.null, tags.atom], color: "var(--s-code-number)" },
  {
    tag: [tags.keyword, tags.operatorKeyword, tags.definitionKeyword, tags.moduleKeyword],
    color: "var(--s-code-keyword)",
  },
  { tag: [tags.comment], color: "var(--ck-color-text-tertiary)", fontStyle: "italic" },
  {
    tag: [tags.angleBracket, tags.bracket, tags.punctuation, tags.operator],
    color: "var(--ck-color-text-secondary)",
  },
  { tag: tags.function(tags.propertyName), color: "var(--s-code-call)" },
]);

export const editorTheme: Extension = [theme, syntaxHighlighting(colors)];
