// Says when a preview stopped following what is typed, and that it does again.

import { clock } from "./typed.js";

export function watchPreview(preview) {
  const notice = document.querySelector("[data-stopped]");
  let drawn = new Date();
  const stopped = () => {
    notice.textContent = `預覽停在 ${clock(drawn)} 的樣子，之後打的還沒畫上去。字不會不見。`;
    notice.hidden = false;
  };
  preview.addEventListener("htmx:afterSwap", () => { drawn = new Date(); notice.hidden = true; });
  for (const trouble of ["htmx:responseError", "htmx:sendError", "htmx:timeout"]) preview.addEventListener(trouble, stopped);
}
