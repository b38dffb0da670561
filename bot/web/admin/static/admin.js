// Draws previews of cards and starts the keeping of what is typed. Every page works without it.

import { drawFlex } from "../../read/static/card/flex.js";
import { forgetSaved, keepTyped } from "./typed.js";
import { watchPreview } from "./preview.js";

function drawCards(root) {
  for (const place of root.querySelectorAll("[data-flex]")) {
    place.replaceChildren(drawFlex(JSON.parse(place.dataset.flex), () => {}));
    place.inert = true; // a picture of the card: what stands in it can be read below
  }
}

// Who typed before the scripts had come is answered as soon as they are there.
function searchWhatWasTyped() {
  for (const field of document.querySelectorAll("form.search input[type=search]"))
    if (field.value !== field.defaultValue) field.form.dispatchEvent(new Event("input"));
}

drawCards(document);
document.addEventListener("htmx:load", searchWhatWasTyped, { once: true });
document.addEventListener("htmx:afterSwap", (event) => drawCards(event.detail.target));
forgetSaved();
for (const form of document.querySelectorAll("form[data-guarded]")) keepTyped(form);
for (const preview of document.querySelectorAll("#preview")) watchPreview(preview);
