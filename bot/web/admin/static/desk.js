// Draws previews of cards, and asks before unsaved words are left behind. Every page works without it.

import { drawFlex } from "../../read/static/card/flex.js";

function drawCards(root) {
  for (const place of root.querySelectorAll("[data-flex]")) {
    place.replaceChildren(drawFlex(JSON.parse(place.dataset.flex), () => {}));
    place.inert = true; // a picture of the card: what stands in it can be read below
  }
}

function guard(form) {
  let unsaved = false;
  form.addEventListener("input", () => { unsaved = true; });
  form.addEventListener("submit", () => { unsaved = false; });
  addEventListener("beforeunload", (event) => { if (unsaved) event.preventDefault(); });
}

drawCards(document);
document.addEventListener("htmx:afterSwap", (event) => drawCards(event.detail.target));
for (const form of document.querySelectorAll("form[data-guarded]")) guard(form);
