// Writes src/protocol/generated.ts from spec/schema. `--check` fails when the committed file differs.
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { compile } from "json-schema-to-typescript";

const here = import.meta.dirname;
const folder = process.env.CHATKIT_SCHEMA ?? resolve(here, "../../spec/schema");
const target = resolve(here, "../src/protocol/generated.ts");

// What the client reads by name. Everything they refer to comes along; widget component classes do not, because the
// renderer takes any component and its props as they come.
const ROOTS = {
  "request.schema.json": "ChatKitRequest",
  "event.schema.json": "ThreadStreamEvent",
  "thread.schema.json": "Thread",
  "thread_item.schema.json": "ThreadItem",
  "attachment.schema.json": "Attachment",
};
const WIDGET_ROOT = "WidgetRoot";
const WIDGET_NODE = "WidgetNode";

function collect() {
  const defs = {};
  for (const file of readdirSync(folder).sort()) {
    const root = ROOTS[file];
    if (root === undefined) continue;
    const { $defs = {}, ...schema } = JSON.parse(readFileSync(join(folder, file), "utf8"));
    Object.assign(defs, $defs);
    if (!("$ref" in schema && schema.$ref === `#/$defs/${root}`)) defs[root] = schema;
  }
  return defs;
}

/** The wire omits nulls and always writes `type`: both make the types say what arrives. */
function asSent(node) {
  if (Array.isArray(node)) return node.map(asSent);
  if (node === null || typeof node !== "object") return node;
  const { default: _default, title: _title, description: _description, discriminator: _d, ...rest } = node;
  const out = Object.fromEntries(
    Object.entries(rest).map(([key, value]) => [
      key,
      key === "properties" ? properties(value) : asSent(value),
    ]),
  );
  if (out.anyOf) {
    const kept = out.anyOf.filter((option) => option.type !== "null");
    if (kept.length === 1) {
      const { anyOf: _anyOf, ...others } = out;
      return { ...others, ...kept[0] };
    }
    const text = kept.filter((option) => option.type === "string");
    // A closed list next to an open pattern (icon names) is open: whatever comes must not break the client.
    out.anyOf =
      text.length > 1 ? [{ type: "string" }, ...kept.filter((option) => option.type !== "string")] : kept;
    if (out.anyOf.length === 1) return { ...out.anyOf[0] };
  }
  if (out.properties) {
    const constants = Object.keys(out.properties).filter(
      (name) => name === "type" && "const" in out.properties[name],
    );
    const required = [...new Set([...(out.required ?? []), ...constants])];
    out.required = required.filter((name) => name in out.properties).sort();
    out.additionalProperties ??= false;
  }
  if (out.type === "object" && !out.properties && out.additionalProperties === undefined)
    out.additionalProperties = true;
  return out;
}

const properties = (value) =>
  Object.fromEntries(Object.entries(value).map(([name, schema]) => [name, asSent(schema)]));

function refs(node, found = new Set()) {
  if (Array.isArray(node)) for (const part of node) refs(part, found);
  else if (node !== null && typeof node === "object") {
    if (typeof node.$ref === "string") found.add(node.$ref.slice("#/$defs/".length));
    for (const part of Object.values(node)) refs(part, found);
  }
  return found;
}

/** Any property that takes a widget takes any widget: the classes are for authors, the renderer is open. */
function openWidgets(defs) {
  const root = {
    type: "object",
    additionalProperties: true,
    properties: { type: { type: "string" } },
    required: ["type"],
  };
  defs[WIDGET_NODE] = root;
  defs[WIDGET_ROOT] = { $ref: `#/$defs/${WIDGET_NODE}` };
  const replace = (name, property, ref) => {
    if (defs[name]?.properties?.[property]) defs[name].properties[property] = { $ref: `#/$defs/${ref}` };
  };
  replace("WidgetItem", "widget", WIDGET_ROOT);
  replace("WidgetRootUpdated", "widget", WIDGET_ROOT);
  replace("WidgetComponentUpdated", "component", WIDGET_NODE);
}

/** Names that Pydantic spells out for generic classes get the name a person would give them. */
function shortNames(defs) {
  const names = new Map();
  for (const name of Object.keys(defs)) {
    if (name.startsWith("Page_"))
      names.set(
        name,
        name.includes("ThreadMetadata") || /Page_Thread_?$/.test(name) ? "ThreadPage" : "ThreadItemPage",
      );
    if (name.startsWith("Action_")) names.set(name, "Action");
  }
  const rename = (node) => {
    if (Array.isArray(node)) return node.map(rename);
    if (node === null || typeof node !== "object") return node;
    return Object.fromEntries(
      Object.entries(node).map(([key, value]) => {
        if (key !== "$ref" || typeof value !== "string") return [key, rename(value)];
        const name = value.slice("#/$defs/".length);
        return [key, `#/$defs/${names.get(name) ?? name}`];
      }),
    );
  };
  return Object.fromEntries(
    Object.entries(defs).map(([name, schema]) => [names.get(name) ?? name, rename(schema)]),
  );
}

function reachable(defs) {
  const kept = new Set();
  const visit = (name) => {
    if (kept.has(name) || !(name in defs)) return;
    kept.add(name);
    for (const ref of refs(defs[name])) visit(ref);
  };
  for (const root of [...Object.values(ROOTS), WIDGET_ROOT]) visit(root);
  return Object.fromEntries([...kept].sort().map((name) => [name, defs[name]]));
}

const defs = properties(collect());
openWidgets(defs);
const schema = {
  title: "Wire",
  type: "object",
  additionalProperties: false,
  properties: {},
  $defs: reachable(shortNames(defs)),
};
const source = await compile(schema, "Wire", {
  additionalProperties: false,
  unreachableDefinitions: true,
  unknownAny: true,
  bannerComment: "// Written by `make gen` from spec/schema. Do not edit.",
  style: { printWidth: 110 },
});
const text = source
  .replace(/export interface Wire \{\}\n*/, "")
  .replaceAll(/\/\*\*\n \* This interface was referenced by[\s\S]*?\*\/\n/g, "");
if (process.argv.includes("--check")) {
  if (readFileSync(target, "utf8") !== text) {
    console.error("✗ web/src/protocol/generated.ts differs from spec/schema\n  Run: make gen");
    process.exit(1);
  }
} else {
  writeFileSync(target, text);
}
