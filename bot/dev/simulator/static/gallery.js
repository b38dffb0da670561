// The gallery: every kind of message at a phone's width. `?only=個股` shows some of them, `?place=group` those of groups.

import { element } from "../card/elements.js";
import { drawBubble } from "./bubbles.js";

const wanted = new URLSearchParams(location.search);
const view = { name: () => document.body.dataset.bot, mine: false, follows: false, press() {}, show() {}, menu: [] };

function draw({ name, place, messages }) {
  const list = element("ol", "messages");
  const bubbles = messages.map((content, index) => ({ id: `${name}-${index}`, sender: null, at: 0, content }));
  list.append(...bubbles.map((bubble) => drawBubble(bubble, view)));
  const quick = element("div", "quick");
  for (const { action } of messages.at(-1)?.quickReply?.items ?? []) quick.append(element("button", "", action.label));
  return element("section", "specimen", element("h2", "", `${name} · ${place === "group" ? "群組" : "一對一"}`), list, quick);
}

const all = await (await fetch("/_sim/gallery")).json();
const shown = all.filter(({ name, place }) => name.includes(wanted.get("only") ?? "") && place.includes(wanted.get("place") ?? ""));
document.body.append(...shown.map(draw));
