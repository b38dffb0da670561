// Draws one message of a chat: its balloon, who said it, what it quotes, and what may be done with it.

import { element, link, staysInLine } from "../card/elements.js";
import { drawFlex } from "../card/flex.js";

const clock = new Intl.DateTimeFormat("zh-TW", { hour: "2-digit", minute: "2-digit", hour12: false });

// A message in one line, as a notification or a quotation shows it.
export function summary(bubble) {
  const { type, text, altText, fileName } = bubble.content;
  if (bubble.unsent) return "訊息已收回";
  return text ?? altText ?? fileName ?? { image: "照片", sticker: "貼圖", location: "位置" }[type] ?? type;
}

// `view`: {name(bubble), mine, follows, quoted (a bubble or undefined), press(action), show(id), menu: [[label, act], ...]}
export function drawBubble(bubble, view) {
  if (bubble.unsent) return mark(element("li", "event", `${view.name(bubble)}收回了一則訊息`), bubble);
  const wide = bubble.content.type === "flex";
  const kind = bubble.sender === null ? " bot" : "";
  const item = element("li", `message${kind}${view.mine ? " mine" : ""}${view.follows ? " follows" : ""}${wide ? " wide" : ""}`);
  const face = element("span", "face", [...view.name(bubble)].at(0));
  face.setAttribute("aria-hidden", "true");
  const aside = element("div", "aside", drawMeta(bubble, view.mine), drawMore(item, view));
  const row = element("div", "row", drawContent(bubble, view), aside);
  item.append(face, element("p", "who", view.name(bubble)), row);
  return mark(item, bubble);
}

function mark(item, bubble) {
  item.dataset.id = bubble.id;
  return item;
}

function drawContent(bubble, view) {
  if (bubble.content.type === "flex") return drawFlex(bubble.content.contents, view.press);
  const balloon = element("div", "balloon");
  if (bubble.quoted) balloon.append(drawQuotation(bubble, view));
  balloon.append(...drawWords(bubble));
  return balloon;
}

function drawQuotation(bubble, view) {
  const quotation = element("button", "quotation");
  quotation.type = "button";
  if (view.quoted) quotation.append(element("b", "", view.name(view.quoted)), element("span", "", summary(view.quoted)));
  else quotation.append(element("span", "", "較早的訊息"));
  quotation.addEventListener("click", () => view.show(bubble.quoted));
  return quotation;
}

function drawWords({ id, content }) {
  if (content.type === "image" && content.contentProvider) {
    const picture = element("img", "");
    picture.src = `/_sim/content/${id}`;
    picture.alt = "照片";
    return [picture];
  }
  if (content.type === "file") return [`📄 ${content.fileName}\n${Math.ceil(content.fileSize / 1024)} KB`];
  if (content.type === "textV2") return linked(filled(content));
  if (content.type === "text") return linked(content.text, content.mention?.mentionees);
  return [`〔${summary({ content })}〕`];
}

// textV2: {key} stands for a mention or an emoji, a doubled brace for itself.
function filled({ text, substitution = {} }) {
  const stands = (key) => (substitution[key]?.type === "mention" ? `@${key}` : "☺");
  return text.replace(/\{\{|\}\}|\{(\w+)\}/g, (found, key) => (key ? stands(key) : found[0]));
}

// Text with its mentions marked and its links live. Mentions count in UTF-16 units, as JavaScript does.
function linked(text, mentionees = []) {
  const pieces = [];
  let end = 0;
  for (const { index, length } of mentionees) {
    pieces.push(...withLinks(text.slice(end, index)), element("span", "mention", text.slice(index, index + length)));
    end = index + length;
  }
  return [...pieces, ...withLinks(text.slice(end))];
}

function withLinks(text) {
  return text.split(/(https?:\/\/[\x21-\x7e]+)/).map((piece, index) => {
    if (index % 2 === 0 || staysInLine(piece)) return piece;
    const made = link(piece, "");
    made.textContent = piece;
    return made;
  });
}

function drawMeta(bubble, mine) {
  const meta = element("div", "meta");
  if (mine && bubble.read) meta.append(element("span", "", "已讀"));
  if (bubble.edited) meta.append(element("span", "", "已編輯"));
  meta.append(element("span", "", clock.format(bubble.at)));
  return meta;
}

function drawMore(item, view) {
  const more = element("button", "more", "⋯");
  more.type = "button";
  more.setAttribute("aria-label", "訊息選項");
  more.setAttribute("aria-expanded", "false");
  more.addEventListener("click", () => {
    const open = item.querySelector(".menu");
    more.setAttribute("aria-expanded", String(!open));
    if (open) return open.remove();
    item.append(drawMenu(view.menu, () => more.setAttribute("aria-expanded", "false")));
    item.querySelector(".menu button").focus();
    item.scrollIntoView({ block: "nearest" });
  });
  return more;
}

function drawMenu(entries, closed) {
  const menu = element("div", "menu");
  menu.setAttribute("role", "group");
  for (const [label, act] of entries) {
    const button = element("button", "", label);
    button.type = "button";
    button.addEventListener("click", () => {
      menu.remove();
      closed();
      act();
    });
    menu.append(button);
  }
  return menu;
}
