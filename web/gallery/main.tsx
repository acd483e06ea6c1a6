import { ChatKitWidgetElement } from "../src/widgets/element.ts";
import { type Fixture, type Section, sections } from "./fixtures.ts";

// ?theme=dark &width=360 &only=button &dir=rtl &locale=ar &radius=sharp

const query = new URLSearchParams(location.search);
const dark = query.get("theme") === "dark";
const radius = query.get("radius");

function cell({ name, widget, wide }: Fixture): HTMLElement {
  const box = document.createElement("div");
  box.className = "cell";
  box.toggleAttribute("data-wide", wide === true);
  const caption = document.createElement("p");
  caption.textContent = name;
  const element = document.createElement("chatkit-widget");
  if (!(element instanceof ChatKitWidgetElement)) throw new Error("<chatkit-widget> is not defined.");
  element.setAttribute("locale", query.get("locale") ?? "en-US");
  element.setAttribute("item-id", `gallery ${name}`);
  element.theme = {
    colorScheme: dark ? "dark" : "light",
    ...(radius === "sharp" || radius === "soft" || radius === "round" ? { radius } : {}),
  };
  element.widget = widget;
  element.addEventListener("chatkit-widget.action", (event) => {
    const { action } = (event as CustomEvent).detail;
    document.dispatchEvent(new CustomEvent("gallery.action", { detail: action }));
  });
  box.append(caption, element);
  return box;
}

function part({ id, title, fixtures }: Section): HTMLElement {
  const section = document.createElement("section");
  section.id = id;
  const heading = document.createElement("h2");
  heading.textContent = title;
  const cells = document.createElement("div");
  cells.className = "cells";
  cells.append(...fixtures.map(cell));
  section.append(heading, cells);
  return section;
}

document.documentElement.dataset.scheme = dark ? "dark" : "light";
document.documentElement.dir = query.get("dir") === "rtl" ? "rtl" : "ltr";
const width = Number(query.get("width"));
const gallery = document.getElementById("gallery");
if (gallery && width > 0) gallery.style.width = `${width - 32}px`;
const only = query.get("only");
gallery?.append(...sections.filter(({ id }) => only === null || only.split(",").includes(id)).map(part));
