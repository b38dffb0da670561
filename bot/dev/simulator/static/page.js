// The page: two phones, the tabs between them on a small screen, the month's quota.

import { Phone } from "./phone.js";
import { Store } from "./platform.js";

const notice = document.getElementById("notice");
const main = document.querySelector("main");
let hiding;

function notify(words) {
  notice.textContent = words;
  notice.hidden = false;
  clearTimeout(hiding);
  hiding = setTimeout(() => (notice.hidden = true), 5000);
}

function drawQuota({ used, limit }) {
  document.getElementById("quota-text").textContent = limit === null ? `本月已用 ${used} 則` : `本月已用 ${used} / ${limit} 則`;
  const bar = document.getElementById("quota");
  bar.hidden = limit === null;
  bar.max = limit ?? 1;
  bar.value = used;
}

const tabs = [...document.querySelectorAll("[data-tab]")];

function show(place) {
  main.dataset.shown = place;
  for (const tab of tabs) {
    tab.setAttribute("aria-pressed", String(tab.dataset.tab === place));
    if (tab.dataset.tab === place) tab.classList.remove("news");
  }
  for (const phone of phones) if (store.state) phone.update(null);
}

// A dot on the tab of the phone that is not in sight.
function point(phone, bubbles) {
  const news = bubbles.some(({ chat, sender }) => chat === phone.chat && sender === null);
  if (news && phone.place !== main.dataset.shown) tabs.find(({ dataset }) => dataset.tab === phone.place).classList.add("news");
}

const store = new Store((changed, bubbles) => {
  drawQuota(store.state.quota);
  for (const phone of phones) {
    phone.update(changed);
    if (changed) point(phone, bubbles);
  }
});
const phones = [...document.querySelectorAll(".phone")].map((section) => new Phone(section, store, notify));
for (const tab of tabs) tab.addEventListener("click", () => show(tab.dataset.tab));
