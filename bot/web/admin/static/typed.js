// Keeps what is typed: in this browser at once, on the server a moment later, until it is saved.

const PAUSE = 2_000; // between typing and sending, in milliseconds
const RETRY = 10_000;
const PATIENCE = 20_000;
const LIFE = 7 * 86_400_000; // as long as the server keeps it
const PERSON = document.body.dataset.person;
const here = (page) => `luopan ${PERSON} ${page}`;

const STATES = {
  typing: () => "還沒存…",
  kept: (at) => `${at} 自動存了`,
  offline: () => "連不上。字先留在這個瀏覽器，連上就補存。",
  ended: () => "登入的時間到了，字留在這個瀏覽器。請在另一個分頁重新進後台，再回來這一頁，會自己接著存。",
  long: () => "太長了，自動存不下，先留在這個瀏覽器。請存成草稿。",
};
const TROUBLE = ["offline", "ended", "long"];

export function clock(date) {
  return date.toLocaleTimeString("zh-TW", { hour: "2-digit", minute: "2-digit", hour12: false });
}

const local = {
  get(page) {
    try { return JSON.parse(localStorage.getItem(here(page)))?.fields; } catch { return undefined; }
  },
  set(page, fields) {
    try { localStorage.setItem(here(page), JSON.stringify({ fields, at: Date.now() })); } catch { /* full or forbidden: the server has it soon */ }
  },
  remove(page) {
    try { localStorage.removeItem(here(page)); } catch { /* there is none */ }
  },
};

export function forgetSaved() {
  for (const saved of document.querySelectorAll("meta[name=saved]")) local.remove(saved.content);
  try {
    for (const key of Object.keys(localStorage).filter((key) => key.startsWith("luopan "))) {
      if (!(JSON.parse(localStorage.getItem(key)).at > Date.now() - LIFE)) localStorage.removeItem(key);
    }
  } catch { /* nothing is kept here */ }
}

function fieldsOf(form) {
  const typed = [...new FormData(form)].filter(([name, value]) => name !== "csrf_token" && typeof value === "string");
  return Object.fromEntries(typed);
}

function fill(form, fields) {
  for (const field of form.elements) {
    if (!field.name || field.name === "csrf_token" || ["file", "submit", "button"].includes(field.type)) continue;
    if (["checkbox", "radio"].includes(field.type)) field.checked = fields[field.name] === field.value;
    else if (field.name in fields) field.value = fields[field.name];
  }
}

function put(token) {
  for (const field of document.querySelectorAll("input[name=csrf_token]")) field.value = token;
  document.body.setAttribute("hx-headers", JSON.stringify({ "X-CSRFToken": token }));
}

export function keepTyped(form) {
  const page = location.pathname;
  const written = form.querySelector("[data-written]");
  const notice = document.querySelector("[data-restored]");
  let timer = 0;
  let sending = null;
  let edits = 0; // how often something was typed
  let sent = 0; // how many of these the server has
  let leaves = false;

  function show(state, at) {
    written.textContent = STATES[state](at);
    written.classList.toggle("wrong", TROUBLE.includes(state));
  }

  function post() {
    const token = form.querySelector("[name=csrf_token]").value;
    const body = new URLSearchParams(fieldsOf(form));
    return fetch(form.dataset.keep, { method: "POST", body, headers: { "X-CSRFToken": token }, signal: AbortSignal.timeout(PATIENCE) });
  }

  async function renew() {
    const answer = await fetch(form.dataset.token, { signal: AbortSignal.timeout(PATIENCE) });
    if (answer.ok) put((await answer.json()).token);
    return answer;
  }

  async function send() {
    const upTo = edits;
    let answer = await post();
    if (answer.status === 400 || answer.status === 401) {
      answer = await renew(); // the page may be of an earlier visit
      if (answer.ok) answer = await post();
    }
    if (!answer.ok) {
      show(answer.status === 413 ? "long" : "ended");
      return false;
    }
    const was = written.classList.contains("wrong");
    show("kept", (await answer.json()).at);
    sent = upTo;
    if (sent === edits) local.remove(page);
    if (was) form.dispatchEvent(new Event("again"));
    return true;
  }

  function keep() {
    clearTimeout(timer);
    timer = 0;
    if (sending || leaves || sent === edits) return;
    sending = send().catch(() => { show("offline"); return false; }).then((kept) => {
      sending = null;
      if (sent !== edits) soon(kept ? PAUSE : RETRY);
    });
  }

  function soon(pause) {
    timer ||= setTimeout(keep, pause);
  }

  function typed() {
    edits += 1;
    local.set(page, fieldsOf(form));
    if (!written.classList.contains("wrong")) show("typing");
    soon(PAUSE);
  }

  form.addEventListener("input", typed);
  form.addEventListener("submit", (event) => {
    leaves = true;
    if (!sending) return;
    event.preventDefault(); // what is on its way must not arrive after what is saved
    sending.finally(() => form.requestSubmit(event.submitter));
  });
  addEventListener("pageshow", () => { leaves = false; });
  addEventListener("beforeunload", (event) => { if (sent !== edits && !leaves) event.preventDefault(); });
  for (const chance of ["online", "focus"]) addEventListener(chance, keep);
  document.addEventListener("visibilitychange", keep);

  const found = local.get(page);
  if (form.hasAttribute("data-typed")) typed(); // what was sent was refused and stands here again
  else if (found) {
    fill(form, found);
    notice.hidden = false;
    typed();
    addEventListener("load", () => form.dispatchEvent(new Event("again"))); // by then the preview listens
  }
  notice.querySelector("form").addEventListener("submit", () => { leaves = true; local.remove(page); });
}
