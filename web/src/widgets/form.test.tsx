// @vitest-environment happy-dom
import { describe, expect, it } from "vitest";
import { createMemory } from "./memory.ts";
import { type Mounted, mount } from "./testing.tsx";

const input = (name: string, more: object = {}) => ({ type: "Input", name, ...more });
const form = (children: object[], more: object = {}) => ({
  type: "Card",
  children: [{ type: "Form", onSubmitAction: { type: "save", payload: { id: 7 } }, children, ...more }],
});
const submit = { type: "Button", label: "Save", submit: true };

describe("forms", () => {
  it("sends the values of all named controls with the submit action (F146)", async () => {
    const view = await mount(
      form([
        input("todo.title", { defaultValue: "Milk" }),
        { type: "Textarea", name: "todo.notes", defaultValue: "2 l" },
        { type: "Checkbox", name: "urgent", defaultChecked: true },
        {
          type: "RadioGroup",
          name: "shop",
          defaultValue: "b",
          options: [
            { value: "a", label: "A" },
            { value: "b", label: "B" },
          ],
        },
        { type: "Select", name: "who", options: [{ value: "x", label: "X" }] },
        { type: "DatePicker", name: "due", defaultValue: "2026-03-04T08:00:00Z" },
        { type: "Text", value: "edited", editable: { name: "text" } },
        input("off", { defaultValue: "secret", disabled: true }),
        submit,
      ]),
    );
    await view.type("todo.title", "Oat milk");
    await view.click('button[type="submit"]');
    expect(view.requests[0]).toMatchObject({
      trigger: "Form.onSubmitAction",
      action: { type: "save", payload: { id: 7 } },
    });
    expect(view.requests[0]?.values).toEqual({
      "todo.title": "Oat milk",
      "todo.notes": "2 l",
      urgent: true,
      shop: "b",
      who: null,
      due: "2026-03-04",
      text: "edited",
    });
  });

  it("sends them with every other action inside the form too (F147)", async () => {
    const view = await mount(
      form([
        input("a", { defaultValue: "1" }),
        { type: "Button", label: "Other", onClickAction: { type: "other" } },
      ]),
    );
    await view.click("button");
    expect(view.requests[0]).toMatchObject({ action: { type: "other" }, values: { a: "1" } });
  });

  it("sends nothing while a field is invalid (F148)", async () => {
    const view = await mount(form([input("mail", { required: true }), submit]));
    await view.click('button[type="submit"]');
    expect(view.requests).toHaveLength(0);
    await view.type("mail", "a@example.org");
    await view.click('button[type="submit"]');
    expect(view.requests).toHaveLength(1);
  });

  it("shows the submission on the button, and submits once (F145)", async () => {
    const view = await mount(form([input("a"), submit]));
    await view.click('button[type="submit"]');
    await view.click('button[type="submit"]');
    expect(view.requests).toHaveLength(1);
    expect(view.get('button[type="submit"]').hasAttribute("data-loading")).toBe(true);
    await view.finish();
    expect(view.all("[data-loading]")).toHaveLength(0);
  });

  it("submits on Enter in a line of text, with or without a button", async () => {
    const withButton = await mount(form([input("a"), submit]));
    await withButton.press('[name="a"]', "Enter");
    expect(withButton.requests).toHaveLength(1);
    const without = await mount(form([input("b")]));
    await without.press('[name="b"]', "Enter");
    expect(without.requests).toHaveLength(1);
    expect(without.get(".w-root").hasAttribute("inert")).toBe(true);
  });

  it("makes a card a form: confirm validates and carries the values, cancel does not validate (F150)", async () => {
    const view = await mount({
      type: "Card",
      asForm: true,
      confirm: { label: "Send", action: { type: "send" } },
      cancel: { label: "Discard", action: { type: "discard", streaming: false } },
      children: [input("subject", { required: true })],
    });
    await view.click('button[type="submit"]');
    expect(view.requests).toHaveLength(0);
    await view.click('button[type="button"]');
    expect(view.requests[0]).toMatchObject({ trigger: "Card.cancel", values: { subject: "" } });
    await view.finish();
    await view.type("subject", "Hello");
    await view.click('button[type="submit"]');
    expect(view.requests[1]).toMatchObject({ trigger: "Card.confirm", values: { subject: "Hello" } });
  });

  it("sends a control's change under its own name (F151)", async () => {
    const view = await mount({
      type: "Card",
      children: [{ type: "Checkbox", name: "project.on", onChangeAction: { type: "toggle" } }],
    });
    await view.click("input");
    expect(view.requests[0]).toMatchObject({
      trigger: "Checkbox.onChangeAction",
      values: { "project.on": true },
    });
  });

  it("shows the server's complaints at their fields and takes them away again", async () => {
    const widget = form([input("mail"), submit]);
    const view = await mount(widget);
    await view.update(widget, { mail: "This address is taken." });
    const field = view.get("[name='mail']");
    expect(field.getAttribute("aria-invalid")).toBe("true");
    const message = view.get(`[id="${field.getAttribute("aria-describedby")}"]`);
    expect(message.textContent).toBe("This address is taken.");
    await view.update(widget, {});
    expect(view.all(".w-field-error")).toHaveLength(0);
  });

  it("drop a complaint once the person has changed the value, until there is another", async () => {
    const widget = form([input("mail"), submit]);
    const view = await mount(widget);
    await view.update(widget, { mail: "Taken." });
    await view.type("mail", "b@example.org");
    expect(view.all(".w-field-error")).toHaveLength(0);
    await view.update(widget, { mail: "Taken too." });
    expect(view.get(".w-field-error").textContent).toBe("Taken too.");
  });

  it("names a control through its Label", async () => {
    const view = await mount(form([{ type: "Label", value: "Mail", fieldName: "mail" }, input("mail")]));
    expect(view.get<HTMLLabelElement>("label").htmlFor).toBe(view.get("[name='mail']").id);
  });
});

describe("what was typed", () => {
  it("stays when the widget is updated around it (F158)", async () => {
    const view = await mount(form([input("a"), { type: "Text", value: "0" }]));
    await view.type("a", "typed");
    const field = view.get("[name='a']");
    await view.update(
      form([
        { type: "Title", value: "New" },
        input("a", { placeholder: "Other" }),
        { type: "Text", value: "1" },
      ]),
    );
    expect(view.get("[name='a']")).toBe(field);
    expect(view.get<HTMLInputElement>("[name='a']").value).toBe("typed");
  });

  it("stays when the server sends another default for a touched field, while an untouched one follows", async () => {
    const view = await mount(form([input("a", { defaultValue: "1" }), input("b", { defaultValue: "1" })]));
    await view.type("a", "mine");
    await view.update(form([input("a", { defaultValue: "2" }), input("b", { defaultValue: "2" })]));
    expect(view.get<HTMLInputElement>("[name='a']").value).toBe("mine");
    expect(view.get<HTMLInputElement>("[name='b']").value).toBe("2");
  });

  it("comes back with the host's memory after a reload, but not over another default", async () => {
    const memory = createMemory();
    const first = await mount(form([input("a"), { type: "Checkbox", name: "c" }]), { memory });
    await first.type("a", "typed");
    await first.click("input[type='checkbox']");
    await first.unmount();
    const again = await mount(form([input("a"), { type: "Checkbox", name: "c" }]), { memory });
    expect(again.get<HTMLInputElement>("[name='a']").value).toBe("typed");
    expect(again.get<HTMLInputElement>("[name='c']").checked).toBe(true);
    await again.unmount();
    const moved = await mount(form([input("a", { defaultValue: "new" })]), { memory });
    expect(moved.get<HTMLInputElement>("[name='a']").value).toBe("new");
  });

  it("is not kept for another item, and never for a password", async () => {
    const memory = createMemory();
    const first = await mount(form([input("a"), input("p", { inputType: "password" })]), {
      memory,
      itemId: "one",
    });
    await first.type("a", "typed");
    await first.type("p", "secret");
    await first.unmount();
    const other = await mount(form([input("a")]), { memory, itemId: "two" });
    expect(other.get<HTMLInputElement>("[name='a']").value).toBe("");
    const same = await mount(form([input("p", { inputType: "password" })]), { memory, itemId: "one" });
    expect(same.get<HTMLInputElement>("[name='p']").value).toBe("");
  });
});

describe("a Label", () => {
  const name = (view: Mounted, selector: string): string => {
    const control = view.get(selector);
    const ids = control.getAttribute("aria-labelledby")?.split(" ") ?? [];
    if (ids.length > 0) return ids.map((id) => view.get(`[id="${id}"]`).textContent).join(" ");
    return control.getAttribute("aria-label") ?? view.get(`label[for="${control.id}"]`).textContent ?? "";
  };

  it("gives every control its accessible name, before placeholder and field name", async () => {
    const label = (fieldName: string) => ({ type: "Label", value: `The ${fieldName}`, fieldName });
    const view = await mount(
      form([
        label("mail"),
        input("mail", { placeholder: "as in the ledger" }),
        label("notes"),
        { type: "Textarea", name: "notes" },
        label("room"),
        { type: "Select", name: "room", options: [{ value: "a", label: "Attic" }], defaultValue: "a" },
        label("day"),
        { type: "DatePicker", name: "day" },
        label("seat"),
        { type: "RadioGroup", name: "seat", options: [{ value: "a", label: "Aisle" }] },
        label("title"),
        { type: "Text", value: "x", editable: { name: "title", placeholder: "Title" } },
      ]),
    );
    expect(name(view, "[name='mail']")).toBe("The mail");
    expect(name(view, "[name='notes']")).toBe("The notes");
    expect(name(view, ".w-select .w-picker-button")).toBe("The room Attic");
    expect(name(view, ".w-date .w-picker-button")).toBe("The day Select a date");
    expect(name(view, "[role='radiogroup']")).toBe("The seat");
    expect(name(view, "[name='title']")).toBe("The title");
  });

  it("leaves the control its own name when it goes", async () => {
    const view = await mount(
      form([
        { type: "Label", value: "Mail", fieldName: "mail" },
        input("mail", { placeholder: "ada@example.org" }),
      ]),
    );
    expect(view.get("[name='mail']").hasAttribute("aria-label")).toBe(false);
    await view.update(form([input("mail", { placeholder: "ada@example.org" })]));
    expect(view.get("[name='mail']").getAttribute("aria-label")).toBe("ada@example.org");
  });
});
