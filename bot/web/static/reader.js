// Text size, listening and progress on an essay's page. The page reads whole without it.

const SIZES = ["", "large", "larger", "largest"];
const KEPT = "luopan size";
const article = document.querySelector("article");

function button(label, press) {
  const made = document.createElement("button");
  made.type = "button";
  made.textContent = label;
  made.addEventListener("click", () => press(made));
  return made;
}

// Storage may be forbidden; then the size holds for this page.
function keptSize() {
  try { return Math.max(0, SIZES.indexOf(localStorage.getItem(KEPT) ?? "")); } catch { return 0; }
}

function keepSize(size) {
  try { localStorage.setItem(KEPT, SIZES[size]); } catch { /* it holds for this page */ }
}

function sizes() {
  let size = keptSize();
  const [smaller, larger] = [["字小一點", -1], ["字大一點", 1]].map(([label, step]) => button(label, () => show(size + step)));
  function show(wanted) {
    size = Math.min(SIZES.length - 1, Math.max(0, wanted));
    document.documentElement.dataset.size = SIZES[size];
    smaller.disabled = size === 0;
    larger.disabled = size === SIZES.length - 1;
    keepSize(size);
  }
  show(size);
  return [smaller, larger];
}

// One paragraph at a time: browsers stop in the middle of long speeches.
function listening() {
  if (!("speechSynthesis" in window)) return [];
  const parts = [...article.querySelectorAll("h1, h2, p[id], li[id]")];
  let at = -1;
  const press = button("聽這篇", () => (at < 0 ? say(0) : stop()));
  function say(next) {
    parts[at]?.classList.remove("spoken");
    at = next;
    if (at >= parts.length) return stop();
    press.textContent = "停";
    parts[at].classList.add("spoken");
    const speech = new SpeechSynthesisUtterance(parts[at].textContent.trim());
    speech.lang = "zh-TW";
    speech.onend = () => { if (at === next) say(next + 1); };
    speechSynthesis.speak(speech);
  }
  function stop() {
    parts[at]?.classList.remove("spoken");
    at = -1;
    press.textContent = "聽這篇";
    speechSynthesis.cancel();
  }
  addEventListener("pagehide", () => speechSynthesis.cancel());
  return [press];
}

function progress() {
  const bar = document.createElement("progress");
  bar.className = "progress";
  bar.setAttribute("aria-hidden", "true"); // what it shows can be heard from the text itself
  function show() {
    const { top, height } = article.getBoundingClientRect();
    bar.hidden = document.documentElement.scrollHeight <= innerHeight;
    bar.value = Math.min(1, Math.max(0, (innerHeight - top) / height));
  }
  addEventListener("scroll", show, { passive: true });
  addEventListener("resize", show);
  show();
  return bar;
}

const tools = document.createElement("div");
tools.className = "tools";
tools.setAttribute("role", "toolbar");
tools.setAttribute("aria-label", "閱讀工具");
tools.append(...sizes(), ...listening());
article.querySelector("header").append(tools);
document.body.prepend(progress());
