// One phone: a chat as one person sees it, and what that person does in it.

import { act, sendFile } from "./platform.js";
import { drawBubble, summary } from "./bubbles.js";
import { element, pressable, sharedText } from "../card/elements.js";

const BOT = document.body.dataset.bot;
const TOGETHER = 5 * 60 * 1000; // messages of one person within this stand close, under one name

export class Phone {
  constructor(section, store, notify) {
    section.append(document.getElementById("phone").content.cloneNode(true));
    Object.assign(this, { section, store, notify, place: section.dataset.place, speaker: null, quoting: null, editing: null });
    this.list = section.querySelector(".messages");
    this.input = section.querySelector("textarea");
    this.listen();
  }

  get chat() {
    return this.place === "group" ? this.store.state.groups[0].id : this.speaker;
  }

  get members() {
    const { persons, groups } = this.store.state;
    return this.place === "group" ? persons.filter((person) => groups[0].members.includes(person.id)) : persons;
  }

  listen() {
    const on = (selector, event, act) => this.section.querySelector(selector).addEventListener(event, act);
    on("form", "submit", (event) => (event.preventDefault(), this.send()));
    on("textarea", "keydown", (event) => this.key(event));
    on(".at", "click", () => this.mention());
    on(".about button", "click", () => this.answer(null));
    on(".tie", "click", () => this.tie());
    on("input[type=file]", "change", (event) => this.attach(event.target));
    this.section.querySelector(".at").hidden = this.place === "person";
  }

  // Draw what changed; everything when `changed` is null.
  update(changed) {
    this.speaker ??= this.members[0].id;
    this.section.querySelector(".writing").disabled = false; // until now nobody was there to speak
    this.drawHead();
    const bubbles = this.store.chat(this.chat);
    const atEnd = this.list.scrollHeight - this.list.scrollTop - this.list.clientHeight < 120;
    if (changed === null) this.list.replaceChildren();
    for (const [index, bubble] of bubbles.entries()) {
      if (changed === null || changed.has(bubble.id)) this.put(bubble, bubbles[index - 1]);
    }
    this.drawTyping();
    this.drawQuick(bubbles.at(-1));
    if (atEnd || changed === null) this.list.scrollTop = this.list.scrollHeight;
  }

  put(bubble, before) {
    const drawn = drawBubble(bubble, this.view(bubble, before));
    const old = this.list.querySelector(`[data-id="${bubble.id}"]`);
    if (old) old.replaceWith(drawn);
    else this.list.append(drawn);
  }

  view(bubble, before) {
    return {
      name: (some) => this.store.name(some.sender) ?? BOT,
      mine: bubble.sender === this.speaker,
      follows: before !== undefined && !before.unsent && before.sender === bubble.sender && bubble.at - before.at < TOGETHER,
      quoted: this.store.bubble(bubble.quoted),
      press: (action) => this.press(action),
      show: (id) => this.show(id),
      menu: this.menu(bubble),
    };
  }

  menu(bubble) {
    const entries = [["引用", () => this.answer({ quoting: bubble })]];
    if (bubble.sender === null) return entries;
    if (this.place === "group" && bubble.content.type === "text") entries.push(["編輯", () => this.answer({ editing: bubble })]);
    return [...entries, ["收回", () => this.tell(act("unsend", { message: bubble.id }))]];
  }

  drawHead() {
    const group = this.store.state.groups[0];
    const person = this.members.find(({ id }) => id === this.speaker);
    const inside = this.place === "group" ? group.joined : !person.blocked;
    this.section.querySelector("h2").textContent = this.place === "group" ? `${group.name}(${group.size})` : BOT;
    const words = this.place === "group" ? [`請${BOT}離開`, `邀請${BOT}加入`] : ["封鎖", "加為好友"];
    this.section.querySelector(".tie").textContent = words[inside ? 0 : 1];
    this.drawSpeakers();
  }

  drawSpeakers() {
    const speakers = this.section.querySelector(".speakers");
    const drawn = speakers.querySelectorAll("label").length;
    if (drawn === this.members.length) return;
    speakers.querySelectorAll("label").forEach((label) => label.remove());
    for (const { id, name } of this.members) {
      const radio = Object.assign(element("input", ""), { type: "radio", name: `speaker-${this.place}`, checked: id === this.speaker });
      radio.addEventListener("change", () => this.speakAs(id));
      speakers.append(element("label", "", radio, element("span", "", name)));
    }
  }

  speakAs(id) {
    this.speaker = id;
    this.answer(null);
    this.update(null);
  }

  drawTyping() {
    this.list.querySelector(".typing")?.remove();
    if (!this.store.state.typing.includes(this.chat)) return;
    const dots = element("li", "typing", element("i"), element("i"), element("i"));
    dots.setAttribute("aria-label", `${BOT}正在輸入`);
    this.list.append(dots);
  }

  drawQuick(last) {
    const items = last?.sender === null && !last.unsent ? (last.content.quickReply?.items ?? []) : [];
    this.section.querySelector(".quick").replaceChildren(...items.map(({ action }) => {
      const button = pressable("button", "", action, (pressed) => this.press(pressed));
      button.textContent = action.label;
      return button;
    }));
  }

  // What the person does

  send() {
    const text = this.input.value.trim();
    if (!text) return;
    const { quoting, editing } = this;
    const mention = this.place === "group" && text.includes(`@${BOT}`);
    if (editing) this.tell(act("edit", { message: editing.id, text }));
    else this.tell(act("say", { chat: this.chat, user: this.speaker, text, mention, quote: quoting?.id ?? null }));
    this.input.value = "";
    this.answer(null);
    this.list.scrollTop = this.list.scrollHeight;
  }

  key(event) {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    this.send();
  }

  mention() {
    this.input.setRangeText(`@${BOT} `, this.input.selectionStart, this.input.selectionEnd, "end");
    this.input.focus();
  }

  // Begin or give up quoting or editing a bubble.
  answer(aim) {
    this.quoting = aim?.quoting ?? null;
    this.editing = aim?.editing ?? null;
    const strip = this.section.querySelector(".about");
    strip.hidden = aim === null;
    if (this.quoting) strip.firstElementChild.textContent = `回覆：${summary(this.quoting)}`;
    if (this.editing) {
      strip.firstElementChild.textContent = "編輯訊息";
      this.input.value = this.editing.content.text;
    }
    if (aim) this.input.focus();
  }

  press(action) {
    const wanted = { chat: this.chat, user: this.speaker, action };
    if (action.type === "message" || action.type === "postback") return this.tell(act("press", wanted));
    if (action.type === "datetimepicker") return this.pick(action, wanted);
    if (action.type === "clipboard") return navigator.clipboard.writeText(action.clipboardText).then(() => this.notify("已複製"));
    return this.notify(action.type === "uri" ? `在 LINE 裡會分享：${sharedText(action.uri)}` : "這個動作只在手機上有");
  }

  pick(action, wanted) {
    const answer = window.prompt(action.label, action.initial ?? "");
    if (answer) this.tell(act("press", { ...wanted, params: { [action.mode]: answer } }));
  }

  show(id) {
    const item = this.list.querySelector(`[data-id="${id}"]`);
    if (!item) return;
    item.scrollIntoView({ block: "center" });
    item.classList.add("flash");
    setTimeout(() => item.classList.remove("flash"), 1200);
  }

  tie() {
    const group = this.store.state.groups[0];
    if (this.place === "group") return this.tell(act(group.joined ? "leave" : "join", { group: group.id }));
    const { blocked } = this.members.find(({ id }) => id === this.speaker);
    return this.tell(act(blocked ? "follow" : "unfollow", { user: this.speaker }));
  }

  attach(field) {
    const [file] = field.files;
    field.value = "";
    if (file) this.tell(sendFile(this.chat, this.speaker, file));
  }

  // Say so when the bot did not take what it was told.
  async tell(asked) {
    const { status, taken, problem } = await asked;
    if (problem) this.notify(problem);
    else if (!taken) this.notify(status ? `機器人沒有收下（${status}）` : "機器人沒有回應");
  }
}
